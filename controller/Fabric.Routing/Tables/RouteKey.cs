using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>What a route is keyed by, in one shape for all tables: RD and prefix (VPN), prefix (VRF, unicast), a membership, or what
/// an EVPN route has, of which only the RIB can read the whole.</summary>
public readonly record struct RouteKey
{
    // Kind and length in one: the compiler keeps a struct of up to four fields in registers, and a larger one in memory.
    private readonly ushort _form;

    private RouteKey(ushort form, ulong rd, ulong high, ulong low)
    {
        _form = form;
        Rd = rd;
        High = high;
        Low = low;
    }

    internal RouteKind Kind => (RouteKind)(byte)(_form >> 8);

    internal ulong Rd { get; }

    internal ulong High { get; }

    internal ulong Low { get; }

    internal byte Length => (byte)_form;

    public bool IsMembership => Kind == RouteKind.Membership;

    /// <summary>The key itself is at <see cref="RouteView.Evpn"/>, and in a batch at <see cref="UpdateBatch.EvpnRouteOf"/>.</summary>
    public bool IsEvpn => Kind.IsEvpn();

    /// <summary>Zero where routes belong to no VPN, and in the table of a VRF.</summary>
    public RouteDistinguisher RouteDistinguisher => new(Rd);

    public IpPrefix Prefix =>
        Kind == RouteKind.Ipv4
            ? new IpPrefix(IpAddress.FromIpv4((uint)Low), Length)
            : new IpPrefix(IpAddress.FromIpv6(new UInt128(High, Low)), Length);

    public RouteTargetMembership Membership => new(new AsNumber((uint)High), new RouteTarget(Low), Length);

    public static RouteKey Vpn(RouteDistinguisher rd, IpPrefix prefix) => Of(rd.Value, prefix);

    public static RouteKey Vrf(IpPrefix prefix) => Of(prefix);

    public static RouteKey Of(IpPrefix prefix) => Of(0, prefix);

    public static RouteKey Of(RouteTargetMembership membership) =>
        new(Form(RouteKind.Membership, membership.Length), 0, membership.OriginAs.Value, membership.Target.Value);

    internal static RouteKey Evpn(RouteKind kind, RouteDistinguisher rd, ulong high, uint upper, uint lower, byte length) =>
        new(Form(kind, length), rd.Value, high, (ulong)upper << 32 | lower);

    /// <summary>The same without the RD.</summary>
    internal RouteKey InVrf() => new(_form, 0, High, Low);

    private static RouteKey Of(ulong rd, IpPrefix prefix)
    {
        var bits = prefix.Address.Bits;
        var kind = prefix.Kind == AddressKind.Ipv4 ? RouteKind.Ipv4 : RouteKind.Ipv6;
        return new RouteKey(Form(kind, prefix.Length), rd, (ulong)(bits >> 64), (ulong)bits);
    }

    private static ushort Form(RouteKind kind, byte length) => (ushort)((byte)kind << 8 | length);

    internal static RouteKey Of(in Route route) => new(Form(route.Kind, route.Length), route.Rd, route.High, route.Low);

    public override string ToString() =>
        IsMembership ? Membership.ToString()
        : IsEvpn ? $"{RouteDistinguisher}:[{(byte)Kind.EvpnType()}]"
        : Rd == 0 ? Prefix.ToString()
        : $"{RouteDistinguisher}:{Prefix}";
}
