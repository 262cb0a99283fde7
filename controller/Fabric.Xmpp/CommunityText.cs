using System.Globalization;

namespace Fabric.Xmpp;

/// <summary>Communities (RFC 1997) as agents write them: "64512:70" or a registered name.</summary>
internal static class CommunityText
{
    private static readonly (string Name, uint Value)[] s_wellKnown =
    [
        ("accept-own", 0xFFFF_0001),
        ("llgr-stale", 0xFFFF_0006),
        ("no-llgr", 0xFFFF_0007),
        ("accept-own-nexthop", 0xFFFF_0008),
        ("no-reoriginate", 0xFFFF_F000),
        ("no-export", 0xFFFF_FF01),
        ("no-advertise", 0xFFFF_FF02),
        ("no-export-subconfed", 0xFFFF_FF03),
    ];

    /// <summary>Null for what is neither.</summary>
    public static uint? Parse(string text)
    {
        foreach (var (name, value) in s_wellKnown)
        {
            if (name == text)
            {
                return value;
            }
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return
            colon > 0
            && ushort.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var asNumber)
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (uint)asNumber << 16 | number
            : null;
    }

    public static string Format(uint community)
    {
        foreach (var (name, value) in s_wellKnown)
        {
            if (value == community)
            {
                return name;
            }
        }

        return $"{community >> 16}:{community & 0xFFFF}";
    }
}
