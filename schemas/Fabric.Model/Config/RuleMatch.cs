using System.Globalization;
using Fabric.Model.AgentView;

namespace Fabric.Model.Config;

/// <summary>The words of a security group rule as numbers.</summary>
public static class RuleMatch
{
    private const byte Icmp = 1;
    private const byte Tcp = 6;
    private const byte Udp = 17;

    public static bool TryReadDirection(string text, out TrafficDirection direction)
    {
        direction = text == "egress" ? TrafficDirection.Egress : TrafficDirection.Ingress;
        return text is "ingress" or "egress";
    }

    /// <summary>The IP protocol number; 0 is any.</summary>
    public static bool TryReadProtocol(string text, out byte protocol)
    {
        byte? word = text switch
        {
            "any" => 0,
            "icmp" => Icmp,
            "tcp" => Tcp,
            "udp" => Udp,
            _ => null,
        };
        protocol = word ?? 0;
        return word is not null || byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out protocol) && protocol != 0;
    }

    /// <summary>"80", "80-90", or nothing for all.</summary>
    public static bool TryReadPorts(string? text, out ushort min, out ushort max)
    {
        min = 0;
        max = ushort.MaxValue;
        if (text is null)
        {
            return true;
        }

        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var first = dash < 0 ? text : text[..dash];
        var last = dash < 0 ? text : text[(dash + 1)..];
        return ushort.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out min)
            && ushort.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out max)
            && min <= max;
    }
}
