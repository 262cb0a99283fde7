using System.Globalization;
using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>An IP protocol's name (IANA), or its number.</summary>
internal static class ProtocolName
{
    public static string Protocol(this JsonElement element) =>
        element.Number("protocol") switch
        {
            1 => "icmp",
            6 => "tcp",
            17 => "udp",
            132 => "sctp",
            var number => number.ToString(CultureInfo.InvariantCulture),
        };
}
