using Fabric.Primitives;
using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Tests.Policies;

/// <summary>Short forms for policies and their inputs.</summary>
internal static class Policy
{
    public static PeerDefinition Source { get; } = Peer(PeerKind.ExternalBgp);

    public static PolicyRoute Vpn { get; } = Route("10.1.0.0/16", AddressFamily.Vpnv4);

    public static PolicyRoute Unicast { get; } = Route("10.1.0.0/16", AddressFamily.Ipv4Unicast);

    public static RoutingOptions Options { get; } =
        new()
        {
            LocalAs = Fixture.LocalAs,
            RouterId = BgpIdentifier.Parse("192.0.2.1"),
            LocalAddress = IpAddress.Parse("192.0.2.1"),
            ClusterId = 7,
        };

    public static PeerDefinition Peer(PeerKind kind, uint? peerAs = 65001) =>
        new()
        {
            Name = "p",
            Kind = kind,
            RouterId = BgpIdentifier.Parse("192.0.2.11"),
            Address = IpAddress.Parse("192.0.2.11"),
            PeerAs = peerAs is { } number ? new AsNumber(number) : null,
            Families = [AddressFamily.Vpnv4],
        };

    public static PolicyRoute Route(string prefix, AddressFamily family, string rd = "64512:9") =>
        new(family, IpPrefix.Parse(prefix), family.Safi == 128 ? RouteDistinguisher.Parse(rd) : default);

    public static RoutePolicy Of(params ReadOnlySpan<PolicyTerm> terms) => new("policy", terms.ToArray().ToEquatableArray());

    public static PolicyTerm Term(string name, PolicyMatch match, Disposition disposition, params ReadOnlySpan<PolicyAction> actions) =>
        new(name)
        {
            Match = match,
            Actions = actions.ToArray().ToEquatableArray(),
            Disposition = disposition,
        };

    public static RoutePolicy Rejecting(PolicyMatch match) => Of(Term("reject", match, Disposition.Reject));

    public static RoutePolicy Doing(params ReadOnlySpan<PolicyAction> actions) =>
        Of(Term("do", PolicyMatch.Everything, Disposition.NextTerm, actions));

    public static CompiledPolicy Compile(params ReadOnlySpan<RoutePolicy> chain) =>
        new(chain.ToArray().ToEquatableArray(), Fixture.LocalAs, new OwnNextHop(Options.LocalAddress));

    /// <summary>Parses "1 2 {3,4}".</summary>
    public static AsPath Path(string text)
    {
        var segments = new List<AsPathSegment>();
        foreach (var part in text.Replace("{", "|{", StringComparison.Ordinal).Replace("}", "}|", StringComparison.Ordinal).Split('|'))
        {
            var numbers = part.Split([' ', ',', '{', '}'], StringSplitOptions.RemoveEmptyEntries);
            if (numbers.Length > 0)
            {
                var type = part.Contains('{', StringComparison.Ordinal) ? AsPathSegmentType.Set : AsPathSegmentType.Sequence;
                segments.Add(new AsPathSegment(type, [.. numbers.Select(n => new AsNumber(uint.Parse(n)))]));
            }
        }

        return new AsPath([.. segments]);
    }

    public static EquatableArray<uint> Communities(params string[] texts) => [.. texts.Select(t => (uint)Community.Parse(t).Bits).Order()];
}
