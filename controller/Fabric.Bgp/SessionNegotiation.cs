using System.Diagnostics.CodeAnalysis;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Bgp;

/// <summary>What two OPENs come to.</summary>
public sealed record SessionNegotiation(
    AsNumber PeerAs,
    BgpIdentifier PeerIdentifier,
    bool IsInternal,
    EquatableArray<AddressFamily> Families,
    TimeSpan HoldTime,
    bool FourOctetAs,
    bool ExtendedMessages,
    bool RouteRefresh,
    GracefulRestartCapability? PeerGracefulRestart,
    bool NotificationKeepsRoutes
)
{
    private static readonly TimeSpan s_leastSendHold = TimeSpan.FromMinutes(8);

    /// <summary>The peer's long-lived stale times; none unless both have configured them beside graceful restart (RFC 9494 section 3.1).</summary>
    public LongLivedGracefulRestartCapability? PeerLongLived { get; init; }

    /// <summary>The peer understands long-lived stale routes, configured here or not; others are not told of them (RFC 9494 section 4.3).</summary>
    public bool PeerKnowsLongLivedStale { get; init; }

    /// <summary>Routes that are sent again have marks around them, both ways (RFC 7313).</summary>
    public bool EnhancedRouteRefresh { get; init; }

    /// <summary>What the peer says it is to this speaker (RFC 9234).</summary>
    public BgpRole? PeerRole { get; init; }

    /// <summary>Families with path identifiers, with the directions of this speaker: Receive when UPDATEs that come have them (RFC 7911 section 4).</summary>
    public EquatableArray<AddPathFamily> AddPath { get; init; }

    /// <summary>Next hops of another family that both understand (RFC 8950 section 4).</summary>
    public EquatableArray<ExtendedNextHop> ExtendedNextHops { get; init; }

    /// <summary>A third of the hold time (RFC 4271 section 4.4).</summary>
    public TimeSpan KeepaliveInterval => HoldTime / 3;

    /// <summary>How long the peer may read nothing: twice the hold time, but no less than 8 minutes (RFC 9687 section 4.4).</summary>
    public TimeSpan SendHoldTime => HoldTime * 2 > s_leastSendHold ? HoldTime * 2 : s_leastSendHold;

    /// <summary>Families whose routes survive a loss of the session.</summary>
    public EquatableArray<AddressFamily> RestartFamilies =>
        PeerGracefulRestart is { } restart ? [.. restart.Families.Select(f => f.Family).Where(f => Families.AsSpan().Contains(f))] : [];

    /// <summary>Families in which this speaker sends several paths.</summary>
    public EquatableArray<AddressFamily> SentAddPath => AddPathWith(AddPathModes.Send);

    /// <summary>Families of IPv4 routes that may have IPv6 next hops, both ways.</summary>
    public EquatableArray<AddressFamily> Ipv6NextHops =>
        [.. ExtendedNextHops.Where(pair => pair is { Family.Afi: 1, NextHopAfi: 2 }).Select(pair => pair.Family)];

    public UpdateContext UpdateContext =>
        new(FourOctetAs, IsInternal, Families)
        {
            AddPathFamilies = AddPathWith(AddPathModes.Receive),
            ExtendedNextHopFamilies = Ipv6NextHops,
        };

    private EquatableArray<AddressFamily> AddPathWith(AddPathModes mode) =>
        [.. AddPath.Where(agreed => (agreed.Modes & mode) != AddPathModes.None).Select(agreed => agreed.Family)];

    /// <summary>Checks a peer's OPEN (RFC 4271 section 6.2, RFC 6286, RFC 7607, RFC 9234) and combines it with ours.</summary>
    public static bool TryNegotiate(
        BgpPeerOptions options,
        OpenMessage open,
        [NotNullWhen(true)] out SessionNegotiation? negotiation,
        [NotNullWhen(false)] out NotificationMessage? error
    )
    {
        negotiation = null;
        var isInternal = open.AsNumber == options.PresentedAs;
        var holdSeconds = Math.Min(open.HoldSeconds, options.HoldSeconds);
        var families = CommonFamilies(options, open);
        error =
            open.AsNumber.Value == 0 || options.PeerAs is { } expected && open.AsNumber != expected
                ? NotificationMessage.OpenError(OpenErrorSubcode.BadPeerAs)
            : open.Identifier.Value == 0 || isInternal && open.Identifier == options.LocalIdentifier
                ? NotificationMessage.OpenError(OpenErrorSubcode.BadBgpIdentifier)
            : open.HoldSeconds is 1 or 2 || holdSeconds > 0 && holdSeconds < options.MinHoldSeconds
                ? NotificationMessage.OpenError(OpenErrorSubcode.UnacceptableHoldTime)
            : !isInternal && !RolesAgree(options, open) ? NotificationMessage.OpenError(OpenErrorSubcode.RoleMismatch)
            : families.IsEmpty ? NotificationMessage.OpenError(OpenErrorSubcode.UnsupportedCapability, Wanted(options))
            : null;
        if (error is not null)
        {
            return false;
        }

        var restart = options.GracefulRestart is null ? null : open.Find<GracefulRestartCapability>();
        negotiation = new(
            open.AsNumber,
            open.Identifier,
            isInternal,
            families,
            TimeSpan.FromSeconds(holdSeconds),
            open.Find<FourOctetAsCapability>() is not null,
            options.ExtendedMessages && open.Find<ExtendedMessageCapability>() is not null,
            open.Find<RouteRefreshCapability>() is not null,
            restart,
            restart is { NotificationSupport: true } && options.GracefulRestart!.NotificationSupport
        )
        {
            PeerLongLived =
                restart is null || options.GracefulRestart!.LongLived is null ? null : open.Find<LongLivedGracefulRestartCapability>(),
            PeerKnowsLongLivedStale = open.Find<LongLivedGracefulRestartCapability>() is not null,
            EnhancedRouteRefresh = options.EnhancedRouteRefresh && open.Find<EnhancedRouteRefreshCapability>() is not null,
            PeerRole = isInternal ? null : open.Find<RoleCapability>()?.Role,
            AddPath = CommonAddPath(options, families, open),
            ExtendedNextHops = [.. options.ExtendedNextHops.Where(Offered(open).Contains)],
        };
        return true;
    }

    // A speaker without the capability speaks IPv4 unicast alone (RFC 4760 section 8).
    private static EquatableArray<AddressFamily> CommonFamilies(BgpPeerOptions options, OpenMessage open)
    {
        var offered = open.Capabilities.OfType<MultiprotocolCapability>().Select(c => c.Family).ToHashSet();
        if (offered.Count == 0)
        {
            offered.Add(AddressFamily.Ipv4Unicast);
        }

        return [.. options.Families.Where(offered.Contains)];
    }

    // RFC 9234 section 4.2: the two roles are a pair of its table; a peer that says several is not believed.
    private static bool RolesAgree(BgpPeerOptions options, OpenMessage open)
    {
        if (options.Role is not { } role)
        {
            return true;
        }

        var said = open.Capabilities.OfType<RoleCapability>().Select(c => c.Role).Distinct().ToList();
        return said.Count == 0 ? !options.RequiresRole : said.Count == 1 && said[0] == CounterpartOf(role);
    }

    private static BgpRole CounterpartOf(BgpRole role) =>
        role switch
        {
            BgpRole.Provider => BgpRole.Customer,
            BgpRole.Customer => BgpRole.Provider,
            BgpRole.RouteServer => BgpRole.RouteServerClient,
            BgpRole.RouteServerClient => BgpRole.RouteServer,
            _ => role,
        };

    // One speaker sends what the other receives.
    private static EquatableArray<AddPathFamily> CommonAddPath(
        BgpPeerOptions options,
        EquatableArray<AddressFamily> families,
        OpenMessage open
    )
    {
        var theirs = open.Find<AddPathCapability>()?.Families ?? [];
        return
        [
            .. from own in options.OfferedAddPath
            join peer in theirs on own.Family equals peer.Family
            let receives = (own.Modes & AddPathModes.Receive) != AddPathModes.None && (peer.Modes & AddPathModes.Send) != AddPathModes.None
            let sends = (own.Modes & AddPathModes.Send) != AddPathModes.None && (peer.Modes & AddPathModes.Receive) != AddPathModes.None
            where families.Contains(own.Family) && (receives || sends)
            select new AddPathFamily(
                own.Family,
                (receives ? AddPathModes.Receive : AddPathModes.None) | (sends ? AddPathModes.Send : AddPathModes.None)
            ),
        ];
    }

    private static EquatableArray<ExtendedNextHop> Offered(OpenMessage open) => open.Find<ExtendedNextHopCapability>()?.NextHops ?? [];

    // RFC 5492 section 3: the data lists the capabilities that the peer lacks.
    private static EquatableArray<byte> Wanted(BgpPeerOptions options)
    {
        var data = new byte[6 * options.Families.Count];
        for (var i = 0; i < options.Families.Count; i++)
        {
            var capability = new MultiprotocolCapability(options.Families[i]);
            data[6 * i] = capability.Code;
            data[6 * i + 1] = (byte)capability.ValueBytes;
            capability.WriteValue(data.AsSpan(6 * i + 2));
        }

        return [.. data];
    }
}
