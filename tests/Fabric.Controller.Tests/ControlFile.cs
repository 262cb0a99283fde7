using Fabric.Controller.Options;
using Fabric.Hosting.Configuration;

namespace Fabric.Controller.Tests;

/// <summary>An options file of fabric-control with its required keys in lines 1 to 4.</summary>
internal static class ControlFile
{
    private const string Node = "node: control1\nrouter-id: 192.0.2.1\nlisten: 192.0.2.1\nas: 64512\n";

    public static ControlNodeOptions Read(string text) => ControlNodeOptionsFile.Read(OptionsFile.Parse(Node + text, "control.yaml"));

    /// <summary>One neighbour gw1 at 192.0.2.21 with these keys, as items of a YAML mapping in braces.</summary>
    public static ControlNodeOptions WithNeighbor(string keys, string rest = "") =>
        Read($"neighbors:\n  - {{ name: gw1, address: 192.0.2.21, {keys.Replace("\n", "\n      ", StringComparison.Ordinal)} }}\n{rest}");

    /// <summary>The faults, a line each.</summary>
    public static string Faults(string text) => Assert.Throws<OptionsException>(() => Read(text))!.Message;
}
