namespace Fabric.Architecture.Tests;

/// <summary>The table "Assemblies" of docs/architecture.md: each assembly, and what it may reference.</summary>
internal static class Levels
{
    public static readonly IReadOnlyList<string> Cores = ["Intent", "Routing", "Bgp", "Xmpp", "Config", "Agent.Core", "Datapath"];

    private static readonly string[] Contracts = ["Primitives", "Model", "Wire"];
    private static readonly string[] Shell = [.. Contracts, "Analytics", "Runtime", "Hosting", "Streaming", "FlowExport", "Transport"];

    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Primitives"] = [],
        ["Model"] = ["Primitives"],
        ["Analytics"] = ["Primitives"],
        ["Wire"] = ["Primitives"],
        ["Runtime"] = [],
        ["Hosting"] = ["Runtime"],
        ["Streaming"] = ["Primitives", "Analytics", "Hosting"],
        ["FlowExport"] = ["Primitives", "Wire", "Analytics", "Hosting"],
        ["Transport"] = ["Runtime", "Model", "Primitives"],
        ["Config.Stores"] = ["Runtime", "Model", "Primitives", "Config"],
        ["Datapath.Kernel"] = ["Runtime", .. Contracts, "Datapath"],
        ["Controller"] = [.. Shell, "Intent", "Routing", "Bgp", "Xmpp", "Config", "Config.Stores"],
        ["Agent"] = [.. Shell, "Agent.Core"],
        ["Datapath.Host"] = [.. Shell, "Datapath", "Datapath.Kernel"],
    };

    /// <summary>What an assembly may reference; null where anything goes (tests and tools, which nothing references).</summary>
    public static IReadOnlyList<string>? Of(Project project) =>
        Allowed.GetValueOrDefault(project.Name)
        ?? (
            Cores.Contains(project.Name) ? Contracts
            : IsTop(project) ? null
            : []
        );

    public static bool IsTop(Project project) =>
        project.Path.StartsWith("tests/", StringComparison.Ordinal) || project.Path.StartsWith("tools/", StringComparison.Ordinal);
}
