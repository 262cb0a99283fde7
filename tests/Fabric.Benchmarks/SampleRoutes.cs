using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Benchmarks;

/// <summary>The routes of one attribute set as a virtual router has them: host routes of one network, with the network's target and encapsulation.</summary>
internal static class SampleRoutes
{
    public const int PerSet = 10;

    private static readonly AsNumber s_as = new(64512);

    public static PathAttributes Attributes { get; } =
        new()
        {
            NextHop = IpAddress.Parse("198.18.0.1"),
            MultiExitDisc = 100,
            LocalPref = 100,
            Communities = [0x1000_0001],
            OriginatorId = BgpIdentifier.Parse("10.255.0.1"),
            ClusterList = [0x0AFF_0101],
            ExtendedCommunities = [RouteTarget.FromAs(s_as, 8_000_001).Community, ExtendedCommunity.Encapsulation(2)],
        };

    public static VpnNlri[] Routes { get; } =
    [
        .. Enumerable
            .Range(0, PerSet)
            .Select(number => new VpnNlri(
                RouteDistinguisher.FromAs(s_as, 1),
                IpPrefix.Host(IpAddress.FromIpv4(0x0A00_0000u + (uint)number)),
                new MplsLabel((uint)(MplsLabel.FirstUnreserved + number))
            )),
    ];
}
