using System.Globalization;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Policies;

/// <summary>The text of community patterns; a "*" leaves the bits of its number open.</summary>
internal static class CommunityPatternParser
{
    private const byte TargetSubtype = 0x02;
    private const byte OriginSubtype = 0x03;

    public static bool TryParse(string text, out CommunityPattern pattern)
    {
        if (WellKnownCommunity.TryParse(text, out var known))
        {
            pattern = CommunityPattern.Exactly(Community.Of(known));
            return true;
        }

        if (text.StartsWith("0x", StringComparison.Ordinal))
        {
            var isValid = ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits);
            pattern = CommunityPattern.Exactly(Community.Of(new ExtendedCommunity(bits)));
            return isValid && text.Length == 18;
        }

        var parts = text.Split(':');
        return parts[0] switch
        {
            "target" => TryParseExtended(TargetSubtype, parts.AsSpan(1), out pattern),
            "origin" => TryParseExtended(OriginSubtype, parts.AsSpan(1), out pattern),
            _ => parts.Length == 2 ? TryParseStandard(parts, out pattern) : TryParseLarge(parts, out pattern),
        };
    }

    private static bool TryParseStandard(string[] parts, out CommunityPattern pattern)
    {
        pattern = default;
        if (
            !TryParseNumber(parts[0], ushort.MaxValue, out var high, out var highMask)
            || !TryParseNumber(parts[1], ushort.MaxValue, out var low, out var lowMask)
        )
        {
            return false;
        }

        pattern = CommunityPattern.Masked(Community.Of(high << 16 | low), highMask << 16 | lowMask);
        return true;
    }

    private static bool TryParseLarge(string[] parts, out CommunityPattern pattern)
    {
        pattern = default;
        if (
            parts.Length != 3
            || !TryParseNumber(parts[0], uint.MaxValue, out var global, out var globalMask)
            || !TryParseNumber(parts[1], uint.MaxValue, out var first, out var firstMask)
            || !TryParseNumber(parts[2], uint.MaxValue, out var second, out var secondMask)
        )
        {
            return false;
        }

        pattern = CommunityPattern.Masked(
            Community.Of(new LargeCommunity(global, first, second)),
            Community.Number(new LargeCommunity(globalMask, firstMask, secondMask))
        );
        return true;
    }

    private static bool TryParseExtended(byte subtype, ReadOnlySpan<string> parts, out CommunityPattern pattern)
    {
        pattern = default;
        if (parts is ["*"] or ["*", "*"])
        {
            // The types 0, 1 and 2 are the three forms; under type 3 neither subtype is assigned.
            pattern = CommunityPattern.Masked(Community.Of(new ExtendedCommunity((ulong)subtype << 48)), 0xFCFFUL << 48);
            return true;
        }

        var isOpen = parts is [_, "*"];
        if (parts.Length != 2 || !RouteTarget.TryParse(isOpen ? $"{parts[0]}:0" : $"{parts[0]}:{parts[1]}", out var target))
        {
            return false;
        }

        var bits = target.Value & ~(0xFFUL << 48) | (ulong)subtype << 48;
        var numberBits = target.Community.Type == 0 ? 32 : 16;
        pattern = CommunityPattern.Masked(
            Community.Of(new ExtendedCommunity(bits)),
            isOpen ? ulong.MaxValue << numberBits : ulong.MaxValue
        );
        return true;
    }

    private static bool TryParseNumber(string text, uint highest, out uint number, out uint mask)
    {
        mask = text == "*" ? 0 : highest;
        number = 0;
        return text == "*" || uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= highest;
    }
}
