using System.Text.Json;

namespace Fabric.Cli.Output;

internal static class DatapathReading
{
    /// <summary>The uplink and the virtual interfaces of a data plane's status.</summary>
    public static IEnumerable<JsonElement> PacketPorts(this JsonElement status) =>
        status.At("packet-io") is { } packetIo ? [packetIo.GetProperty("uplink"), .. packetIo.Items("vifs")] : [];
}
