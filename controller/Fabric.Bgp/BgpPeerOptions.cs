using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Bgp;

/// <summary>A neighbour as configured.</summary>
public sealed record BgpPeerOptions
{
    public required AsNumber LocalAs { get; init; }

    /// <summary>The number that this peer is shown in place of <see cref="LocalAs"/>, during a migration.</summary>
    public AsNumber? LocalAsOverride { get; init; }

    /// <summary>Who this speaker is in the session: in the OPEN, in collisions, and for whether the peer is internal.</summary>
    public AsNumber PresentedAs => LocalAsOverride ?? LocalAs;

    public required BgpIdentifier LocalIdentifier { get; init; }

    /// <summary>None: any AS is taken, for dynamic neighbours.</summary>
    public AsNumber? PeerAs { get; init; }

    public required EquatableArray<AddressFamily> Families { get; init; }

    /// <summary>Waits for the peer to connect.</summary>
    public bool IsPassive { get; init; }

    /// <summary>0 (no keepalives) or at least 3.</summary>
    public ushort HoldSeconds { get; init; } = 90;

    /// <summary>A session with a shorter hold time is refused (2/6); none at all, 0, is taken.</summary>
    public ushort MinHoldSeconds { get; init; }

    public bool ExtendedMessages { get; init; } = true;

    /// <summary>Routes that are sent again have marks around them (RFC 7313), where the peer knows those.</summary>
    public bool EnhancedRouteRefresh { get; init; } = true;

    /// <summary>How long a peer's routes wait to be sent again after its first mark.</summary>
    public TimeSpan RefreshLimit { get; init; } = TimeSpan.FromMinutes(5);

    public GracefulRestartOptions? GracefulRestart { get; init; } = new();

    /// <summary>What this speaker is to the peer (RFC 9234); only between different AS numbers. None: the capability is not offered.</summary>
    public BgpRole? Role { get; init; }

    /// <summary>A peer that says no role is refused (RFC 9234 section 4.2, strict mode).</summary>
    public bool RequiresRole { get; init; }

    /// <summary>
    /// Families offered with several paths of a prefix (RFC 7911). What comes of it is <see cref="SessionNegotiation.AddPath"/>; UPDATEs are read by
    /// it, and those sent in <see cref="SessionNegotiation.SentAddPath"/> have path identifiers.
    /// </summary>
    public EquatableArray<AddPathFamily> AddPath { get; init; }

    /// <summary>A membership has one path: it is the same whoever asks (RFC 4684).</summary>
    internal EquatableArray<AddPathFamily> OfferedAddPath =>
        [.. AddPath.Where(offered => offered.Family != AddressFamily.RouteTargetMembership)];

    /// <summary>Families offered with next hops of another address family (RFC 8950).</summary>
    public EquatableArray<ExtendedNextHop> ExtendedNextHops { get; init; }

    /// <summary>This process has just restarted and its data planes still forward; said to the peer until its routes are here.</summary>
    public bool IsRestarting { get; init; }

    /// <summary>Families without one are not limited.</summary>
    public EquatableArray<PrefixLimit> PrefixLimits { get; init; }

    /// <summary>After this time a peer that was above a limit is tried again; none: only when the limits change, or it is stopped and started.</summary>
    public TimeSpan? PrefixLimitRestart { get; init; }

    public TimeSpan ConnectRetry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The first rest of a peer whose sessions end by errors, or are lost one soon after the other; each next one is twice as long.</summary>
    public TimeSpan IdleHold { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest rest. A session that lasts as long has the next end be the first again.</summary>
    public TimeSpan MaxIdleHold { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>The OPEN to send.</summary>
    internal OpenMessage Open(bool restarting)
    {
        var capabilities = new List<Capability>();
        capabilities.AddRange(Families.Select(f => new MultiprotocolCapability(f)));
        capabilities.Add(new RouteRefreshCapability());
        if (EnhancedRouteRefresh)
        {
            capabilities.Add(new EnhancedRouteRefreshCapability());
        }

        if (ExtendedMessages)
        {
            capabilities.Add(new ExtendedMessageCapability());
        }

        if (GracefulRestart is { } restart)
        {
            capabilities.Add(
                new GracefulRestartCapability(
                    restarting,
                    restart.NotificationSupport,
                    restart.RestartSeconds,
                    [.. Families.Select(f => new GracefulRestartFamily(f, restart.ForwardingPreserved))]
                )
            );
        }

        AddWhatIsConfigured(capabilities);
        return OpenMessage.Create(PresentedAs, HoldSeconds, LocalIdentifier, capabilities);
    }

    private void AddWhatIsConfigured(List<Capability> capabilities)
    {
        if (GracefulRestart is { LongLived: { } longLived } restart)
        {
            capabilities.Add(
                new LongLivedGracefulRestartCapability([
                    .. Families.Select(f => new LongLivedGracefulRestartFamily(
                        f,
                        restart.ForwardingPreserved,
                        longLived.StaleSecondsOf(f)
                    )),
                ])
            );
        }

        if (Role is { } role && PeerAs != PresentedAs)
        {
            capabilities.Add(new RoleCapability(role));
        }

        if (OfferedAddPath is { IsEmpty: false } addPath)
        {
            capabilities.Add(new AddPathCapability(addPath));
        }

        if (!ExtendedNextHops.IsEmpty)
        {
            capabilities.Add(new ExtendedNextHopCapability(ExtendedNextHops));
        }
    }
}

/// <summary>Graceful restart in both roles (RFC 4724, RFC 8538).</summary>
public sealed record GracefulRestartOptions
{
    /// <summary>How long peers keep our routes after the session is lost; at most 4095.</summary>
    public ushort RestartSeconds { get; init; } = 120;

    /// <summary>How long a peer's routes are kept at most, whatever it asks for.</summary>
    public TimeSpan MaxPeerRestart { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How long after its return a peer's stale routes wait for End-of-RIB.</summary>
    public TimeSpan EndOfRibTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How long an own restart waits for the peer's End-of-RIB.</summary>
    public TimeSpan SelectionDeferral { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>None: no long-lived graceful restart.</summary>
    public LongLivedOptions? LongLived { get; init; }

    /// <summary>The hosts forward without a controller.</summary>
    public bool ForwardingPreserved { get; init; } = true;

    /// <summary>Keeps routes also after a NOTIFICATION, where the peer does too (RFC 8538).</summary>
    public bool NotificationSupport { get; init; } = true;
}

/// <summary>Long-lived graceful restart in both roles (RFC 9494).</summary>
public sealed record LongLivedOptions
{
    /// <summary>How long peers keep our routes after the restart time; 24 bits.</summary>
    public uint StaleSeconds { get; init; } = 86_400;

    /// <summary>Families with a time of their own.</summary>
    public EquatableArray<(AddressFamily Family, uint StaleSeconds)> FamilyStaleSeconds { get; init; }

    /// <summary>How long a peer's routes are kept as long-lived stale at most, whatever it asks for.</summary>
    public TimeSpan MaxPeerStale { get; init; } = TimeSpan.FromDays(1);

    internal uint StaleSecondsOf(AddressFamily family)
    {
        foreach (var (other, seconds) in FamilyStaleSeconds)
        {
            if (other == family)
            {
                return seconds;
            }
        }

        return StaleSeconds;
    }
}
