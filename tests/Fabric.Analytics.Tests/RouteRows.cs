using Fabric.Primitives;
using FsCheck;
using FsCheck.Fluent;

namespace Fabric.Analytics.Tests;

internal static class RouteRows
{
    private static readonly Gen<uint> Numbers = Gen.OneOf(Gen.Elements(0U, 1U, uint.MaxValue), ArbMap.Default.GeneratorFor<uint>());

    private static readonly Gen<IpPrefix> Prefixes = Gen.OneOf(
        from bits in Numbers
        from length in Gen.Choose(0, 32)
        select new IpPrefix(IpAddress.FromIpv4(bits), length),
        from high in ArbMap.Default.GeneratorFor<ulong>()
        from low in ArbMap.Default.GeneratorFor<ulong>()
        from length in Gen.Choose(0, 128)
        select new IpPrefix(IpAddress.FromIpv6(new UInt128(high, low)), length)
    );

    // Of the three types of RFC 4364, and of one that nobody knows.
    private static readonly Gen<RouteDistinguisher?> Distinguishers =
        from isThere in Gen.Elements(true, true, false)
        from type in Gen.Choose(0, 3)
        from bits in ArbMap.Default.GeneratorFor<ulong>()
        select isThere ? new RouteDistinguisher((ulong)type << 48 | bits >> 16) : (RouteDistinguisher?)null;

    private static readonly Gen<uint?> Labels =
        from isThere in Gen.Elements(true, false)
        from label in Numbers
        select isThere ? label : (uint?)null;

    private static readonly Gen<string[]> Lists =
        from length in Gen.Choose(0, 3)
        from texts in Texts.Escaped.ArrayOf(length)
        select texts.Select(text => text ?? "").ToArray();

    private static readonly Gen<WrittenAttributes> Attributes =
        from texts in Texts.Escaped.ArrayOf(3)
        from numbers in Numbers.ArrayOf(2)
        from lists in Lists.ArrayOf(3)
        select new WrittenAttributes(
            new RouteEvent
            {
                NextHop = texts[0] ?? "",
                Origin = texts[1] ?? "",
                AsPath = texts[2] ?? "",
                LocalPreference = numbers[0],
                MultiExitDiscriminator = numbers[1],
                RouteTargets = { lists[0] },
                Communities = { lists[1] },
                Encapsulations = { lists[2] },
            }
        );

    public static Arbitrary<(RouteRow Row, EventStamp Stamp)> Arbitrary { get; } =
        (
            from change in Gen.Choose(0, 3)
            from kinds in Gen.Choose(0, 3).ArrayOf(2)
            from texts in Texts.Escaped.ArrayOf(6)
            from prefix in Prefixes
            from distinguisher in Distinguishers
            from pathId in Numbers
            from attributes in Gen.OneOf(Gen.Constant((WrittenAttributes?)null), Attributes.Select(known => (WrittenAttributes?)known))
            from labels in Labels.ArrayOf(2)
            from flags in ArbMap.Default.GeneratorFor<bool>().ArrayOf(2)
            from stamp in ArbMap.Default.GeneratorFor<ulong>().ArrayOf(3)
            select (
                new RouteRow
                {
                    Change = (RouteChange)change,
                    Table = texts[0],
                    Family = texts[1],
                    Prefix = prefix,
                    OtherPrefix = texts[2],
                    RouteDistinguisher = distinguisher,
                    Peer = texts[3],
                    PeerKind = (PeerKind)kinds[0],
                    PathId = pathId,
                    Attributes = attributes,
                    Label = labels[0],
                    SecondLabel = labels[0] is null ? null : labels[1],
                    IsBest = flags[0],
                    IsStale = flags[1],
                    ImportedFrom = texts[4],
                },
                new EventStamp(texts[5] ?? "", (SourceKind)kinds[1], stamp[0], stamp[1], (long)(stamp[2] % 7_258_118_400_000_000))
            )
        ).ToArbitrary();

    public static RouteRow Sample { get; } =
        new()
        {
            Change = RouteChange.Added,
            Table = "default-domain:acme:red:red",
            Family = "ipv4",
            Prefix = IpPrefix.Parse("203.0.113.0/24"),
            RouteDistinguisher = RouteDistinguisher.Parse("192.0.2.21:1"),
            Peer = "gw1",
            PeerKind = PeerKind.BgpPeer,
            Label = 100,
            IsBest = true,
            ImportedFrom = "bgp.l3vpn.0",
            Attributes = new WrittenAttributes(
                new RouteEvent
                {
                    NextHop = "192.0.2.21",
                    Origin = "IGP",
                    AsPath = "65001 65002",
                    LocalPreference = 100,
                    RouteTargets = { "target:64512:8000002" },
                }
            ),
        };
}

/// <summary>Attributes that are given as their words.</summary>
internal sealed class WrittenAttributes(RouteEvent words) : RouteAttributes
{
    protected override void Describe(RouteEvent row) => row.MergeFrom(words);
}
