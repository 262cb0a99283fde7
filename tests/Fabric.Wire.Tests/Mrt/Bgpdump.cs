namespace Fabric.Wire.Tests.Mrt;

/// <summary>Has bgpdump read an MRT file; a fixture that uses it fails where bgpdump is not installed.</summary>
internal static class Bgpdump
{
    /// <summary>A line for each route: kind, seconds, A, B or W, peer, AS, prefix, AS path, origin, next hop, LOCAL_PREF, MED, communities.</summary>
    public static string[] Read(ReadOnlySpan<byte> contents) => MrtReader.Lines(contents, "bgpdump", "-m");

    /// <summary>The records in words, a line for each field.</summary>
    public static string[] Words(ReadOnlySpan<byte> contents) => MrtReader.Lines(contents, "bgpdump", "-H");
}
