using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Monitoring;

/// <summary>A route's NLRI as in an UPDATE of its family.</summary>
internal sealed class MrtNlri
{
    private const int MaxBytes = 64;

    private readonly byte[] _bytes = new byte[MaxBytes];
    private int _length;

    /// <summary>Valid until the next call of <see cref="TryWrite"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>False for a family whose routes are not in dumps.</summary>
    public bool TryWrite(in RouteUpdate route, MplsLabel label)
    {
        var (family, key) = (route.Family, route.Key);
        if (key.IsMembership)
        {
            var membership = key.Membership;
            Write(RouteTargetMembershipNlri.Create(membership.OriginAs, membership.Target, membership.Length));
        }
        else if (family == AddressFamily.Vpnv4 || family == AddressFamily.Vpnv6)
        {
            Write(new VpnNlri(key.RouteDistinguisher, key.Prefix, label));
        }
        else if (family == AddressFamily.Ipv4Unicast || family == AddressFamily.Ipv6Unicast)
        {
            Write(new PrefixNlri(key.Prefix));
        }
        else if (family == AddressFamily.LabelledIpv4 || family == AddressFamily.LabelledIpv6)
        {
            Write(new LabelledNlri(key.Prefix, label));
        }
        else
        {
            return false;
        }

        return true;
    }

    private void Write<TNlri>(TNlri nlri)
        where TNlri : struct, INlri<TNlri>
    {
        _length = nlri.ByteCount;
        nlri.Write(_bytes, false);
    }
}
