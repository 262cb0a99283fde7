using System.Globalization;
using Fabric.Controller.Bgp;
using Fabric.Hosting.Configuration;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Options.Policies;

/// <summary>Parsers of the values of policies, each with the words for what it takes.</summary>
internal static class PolicyValues
{
    public const string PrefixRangeExpected = "a prefix with or without bounds for its length, such as '10.0.0.0/8 ge 16 le 24'";
    public const string CommunityExpected =
        "a community such as 64512:100, 64512:1:2, target:64512:100, no-export or 0x030c000000000008, each number of it or '*'";
    public const string OneCommunityExpected =
        "a community such as 64512:100, 64512:1:2, target:64512:100, no-export or 0x030c000000000008";
    public const string AsPathExpected =
        "a regular expression of at most 512 letters without backreferences and lookarounds, such as '^65001_'";
    public const string NeighborExpected = "a neighbour's name, an address or prefix, or an AS number such as AS65001";
    public const string RangeExpected = "a number, or two with a '-' between, the lower one first";
    public const string MultiExitDiscExpected = "a number, or one to add or take away such as +10 or -10";
    public const string NextHopExpected = "self, unchanged or an IP address";
    public const string DistinguisherExpected = "a route distinguisher such as 64512:1 or 192.0.2.1:1";

    public static readonly Words<Origin> Origins = new(("igp", Origin.Igp), ("egp", Origin.Egp), ("incomplete", Origin.Incomplete));

    public static readonly Words<PeerKind> Sources = new(
        ("local", PeerKind.Local),
        ("agent", PeerKind.Agent),
        ("external", PeerKind.ExternalBgp),
        ("internal", PeerKind.InternalBgp)
    );

    public static readonly Words<Disposition> Dispositions = new(
        ("accept", Disposition.Accept),
        ("reject", Disposition.Reject),
        ("next-term", Disposition.NextTerm),
        ("next-policy", Disposition.NextPolicy)
    );

    /// <summary>A list with items; an empty one is a fault, since a condition without items always holds.</summary>
    public static IReadOnlyList<T> NotEmpty<T>(OptionsFile section, string key, OptionsFile.TryParse<T> parse, string expected)
    {
        var items = section.List(key, parse, expected);
        if (items.Count == 0 && section.Has(key))
        {
            section.Reject(key, "the list is empty; leave the key out");
        }

        return items;
    }

    /// <summary>An AS number that begins with "AS", since a name or a prefix can stand there too.</summary>
    public static bool Neighbor(string text, out NeighborMatch value)
    {
        if (text.StartsWith("AS", StringComparison.Ordinal) && BgpOptionValues.As(text[2..], out var number))
        {
            value = new NeighborMatch { AsNumber = number };
            return true;
        }

        if (Network(text, out var prefix))
        {
            value = new NeighborMatch { Address = prefix };
            return true;
        }

        value = new NeighborMatch { Name = PeerRules.NameOf(text) };
        return BgpOptionValues.Name(text, out _);
    }

    /// <summary>A prefix, or an address as the longest one.</summary>
    public static bool Network(string text, out IpPrefix value)
    {
        if (IpAddress.TryParse(text, out var address))
        {
            value = new IpPrefix(address, (byte)IpPrefix.MaxLength(address.Kind));
            return true;
        }

        return IpPrefix.TryParse(text, out value);
    }

    public static bool Range(string text, out NumberRange? value)
    {
        var bounds = text.Split('-');
        var isRange = Number(bounds[0], out var lowest) & Number(bounds[^1], out var highest) && bounds.Length <= 2 && lowest <= highest;
        value = isRange ? new NumberRange(lowest, highest) : null;
        return isRange;
    }

    public static bool MultiExitDisc(string text, out PolicyAction? value)
    {
        var isNumber = Number(text.TrimStart('+', '-'), out var number) && text.Length - text.TrimStart('+', '-').Length <= 1;
        value =
            !isNumber ? null
            : text[0] == '+' ? new PolicyAction.AddMultiExitDisc(number)
            : text[0] == '-' ? new PolicyAction.SubtractMultiExitDisc(number)
            : new PolicyAction.SetMultiExitDisc(number);
        return isNumber;
    }

    public static bool NextHop(string text, out PolicyAction? value)
    {
        value = text switch
        {
            "self" => new PolicyAction.SetNextHopSelf(),
            "unchanged" => new PolicyAction.KeepNextHop(),
            _ => IpAddress.TryParse(text, out var address) ? new PolicyAction.SetNextHop(address) : null,
        };
        return value is not null;
    }

    private static bool Number(string text, out uint value) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
