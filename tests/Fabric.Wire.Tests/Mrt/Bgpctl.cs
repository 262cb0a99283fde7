namespace Fabric.Wire.Tests.Mrt;

/// <summary>Has OpenBGPD's bgpctl read an MRT file, which also knows VPN routes; it needs no daemon for that.</summary>
internal static class Bgpctl
{
    /// <summary>A few lines for each path, in words.</summary>
    public static string[] Read(ReadOnlySpan<byte> contents) =>
        [.. MrtReader.Lines(contents, "bgpctl", "show", "mrt", "detail", "file").Select(line => line.Trim())];
}
