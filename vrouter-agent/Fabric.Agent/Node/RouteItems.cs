using Fabric.Agent.Core.Publishing;
using Fabric.Agent.Core.Routes;
using Fabric.Primitives;
using Fabric.Wire.Xmpp;

namespace Fabric.Agent.Node;

/// <summary>Between XMPP's unicast items and the core's routes.</summary>
internal static class RouteItems
{
    public static RemoteRoute ToRoute(UnicastItem item) =>
        new(
            item.NextHops.Select(ToNextHop).ToEquatableArray(),
            item.VirtualNetwork,
            item.SecurityGroups.Order().ToEquatableArray(),
            item.LocalPreference == 0 ? PublishedRoute.LocalPreference : item.LocalPreference,
            item.Mobility.Sequence != 0 ? item.Mobility.Sequence : item.SequenceNumber
        );

    public static UnicastItem ToItem(PublishedRoute route, IpAddress ownAddress) =>
        new()
        {
            Prefix = route.Key.Prefix,
            NextHops =
            [
                new ItemNextHop
                {
                    Address = ownAddress,
                    Label = route.Label.Value,
                    Encapsulations = TunnelEncapsulations.MplsOverGre,
                    VirtualNetwork = route.Network,
                },
            ],
            VirtualNetwork = route.Network,
            SecurityGroups = route.SecurityGroups,
            LocalPreference = PublishedRoute.LocalPreference,
            SubProtocol = "interface",
        };

    /// <summary>An end point that says nothing of tunnels takes MPLS over GRE; one that names only unknown ones takes none.</summary>
    private static RemoteNextHop ToNextHop(ItemNextHop hop)
    {
        var saysNothing = hop is { Encapsulations: TunnelEncapsulations.None, HasUnknownEncapsulation: false };
        return new RemoteNextHop(
            hop.Address,
            new MplsLabel(hop.Label),
            saysNothing ? TunnelEncapsulations.MplsOverGre : hop.Encapsulations
        );
    }
}
