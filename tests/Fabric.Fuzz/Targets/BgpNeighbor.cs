using Fabric.Bgp;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Fuzz.Targets;

/// <summary>A BGP peer with the record of what it does, brought into a state.</summary>
internal sealed class BgpNeighbor : IBgpPeerEffects
{
    private static readonly FixedTime s_time = new();
    private readonly HashSet<PeerTimer> _timers = [];
    private readonly HashSet<int> _open = [];

    public BgpNeighbor(BgpPeerOptions options, SessionState state)
    {
        Peer = new BgpPeer(options, new AttributeInterner(capacity: 4), s_time, seed: 1);
        Peer.Handle(new PeerEvent.Start(), this);
        if (options.IsPassive)
        {
            Accept();
        }
        else
        {
            Peer.Handle(new PeerEvent.ConnectionOpened(1), this);
        }

        if (state >= SessionState.OpenConfirm)
        {
            var open = new byte[MessageFrame.MaxBytes];
            Peer.Receive(1, open.AsSpan(0, Open(options).Encode(open)), this);
        }

        if (state == SessionState.Established)
        {
            Peer.Receive(1, KeepaliveMessage.Bytes, this);
        }

        if (Peer.State != state)
        {
            throw new InvalidOperationException($"{Peer.State} where {state} was to be prepared");
        }
    }

    public BgpPeer Peer { get; }

    public int Updates { get; private set; }

    public List<string> Log { get; } = [];

    public IReadOnlyCollection<int> OpenConnections => _open;

    public void Accept() => Peer.Handle(new PeerEvent.ConnectionAccepted(AcceptedId()), this);

    /// <summary>What time brings to the state that the input has left.</summary>
    public void FireTimers()
    {
        foreach (
            var timer in _timers
                .Order(Comparer<PeerTimer>.Create((a, b) => (a.Kind, a.ConnectionId).CompareTo((b.Kind, b.ConnectionId))))
                .ToList()
        )
        {
            if (_timers.Remove(timer))
            {
                Peer.Handle(new PeerEvent.TimerFired(timer), this);
            }
        }
    }

    void IBgpPeerEffects.OpenConnection(int connectionId)
    {
        _open.Add(connectionId);
        Log.Add($"open {connectionId}");
    }

    void IBgpPeerEffects.CloseConnection(int connectionId)
    {
        _open.Remove(connectionId);
        Log.Add($"close {connectionId}");
    }

    void IBgpPeerEffects.Send(int connectionId, ReadOnlySpan<byte> bytes) => Log.Add($"send {connectionId} {Convert.ToHexString(bytes)}");

    void IBgpPeerEffects.SetTimer(PeerTimer timer, TimeSpan due) => _timers.Add(timer);

    void IBgpPeerEffects.CancelTimer(PeerTimer timer) => _timers.Remove(timer);

    void IBgpPeerEffects.SessionEstablished(SessionNegotiation negotiation) => Log.Add($"established {negotiation.HoldTime}");

    void IBgpPeerEffects.SessionDown(SessionEnd end) => Log.Add($"down {end.Reason}");

    void IBgpPeerEffects.UpdateReceived(in UpdateView update)
    {
        Updates++;
        Log.Add(UpdateText.Of(update));
    }

    void IBgpPeerEffects.UpdateFaulted(UpdateFault fault) => Log.Add($"fault {fault}");

    void IBgpPeerEffects.FamilyDisabled(AddressFamily family, string reason) => Log.Add($"disabled {family} {reason}");

    void IBgpPeerEffects.EndOfRibReceived(AddressFamily family) => Log.Add($"end {family}");

    void IBgpPeerEffects.RouteRefreshRequested(AddressFamily family) => Log.Add($"refresh {family}");

    void IBgpPeerEffects.RefreshBegun(AddressFamily family) => Log.Add($"refresh begun {family}");

    void IBgpPeerEffects.PrefixWarning(AddressFamily family, uint prefixes, uint maxPrefixes) => Log.Add($"warning {family}");

    void IBgpPeerEffects.StaleBecameLongLived(EquatableArray<AddressFamily> families) => Log.Add("long-lived stale");

    void IBgpPeerEffects.StaleExpired(EquatableArray<AddressFamily> families) => Log.Add("stale expired");

    void IBgpPeerEffects.RestartCompleted() => Log.Add("restart completed");

    private static OpenMessage Open(BgpPeerOptions options) =>
        OpenMessage.Create(
            options.LocalAs,
            90,
            BgpIdentifier.Parse("192.0.2.9"),
            [
                .. options.Families.Select(f => new MultiprotocolCapability(f)),
                new RouteRefreshCapability(),
                new ExtendedMessageCapability(),
                new GracefulRestartCapability(false, true, 60, [.. options.Families.Select(f => new GracefulRestartFamily(f, true))]),
            ]
        );

    private int AcceptedId()
    {
        var id = Peer.NextConnectionId();
        _open.Add(id);
        return id;
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}
