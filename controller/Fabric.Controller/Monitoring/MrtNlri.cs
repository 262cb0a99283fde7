using Fabric.Routing;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Monitoring;

/// <summary>A route's NLRI as in an UPDATE of its family.</summary>
internal sealed class MrtNlri
{
    // An EVPN route has at most 60 (RFC 9136 section 3.1, IPv6), a VPN route 28.
    private const int MaxBytes = 64;

    private readonly byte[] _bytes = new byte[MaxBytes];

    /// <summary>Of a route with a path; valid until the next call.</summary>
    public ReadOnlySpan<byte> Of(in RouteUpdate route, UpdateBatch batch)
    {
        var (key, label) = (route.Key, batch.PathsOf(route)[0].Label);
        return route.Table switch
        {
            RouteTableKind.Membership => Write(Membership(key.Membership)),
            RouteTableKind.Unicast => Write(new PrefixNlri(key.Prefix)),
            RouteTableKind.Labelled => Write(new LabelledNlri(key.Prefix, label)),
            RouteTableKind.Evpn => Write(batch.EvpnRouteOf(route)),
            _ => Write(new VpnNlri(key.RouteDistinguisher, key.Prefix, label)),
        };
    }

    private static RouteTargetMembershipNlri Membership(RouteTargetMembership membership) =>
        RouteTargetMembershipNlri.Create(membership.OriginAs, membership.Target, membership.Length);

    private ReadOnlySpan<byte> Write<TNlri>(TNlri nlri)
        where TNlri : struct, INlri<TNlri>
    {
        nlri.Write(_bytes, withdraw: false);
        return _bytes.AsSpan(0, nlri.ByteCount);
    }
}
