using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Bgp.Tests;

/// <summary>A peer and the record of its effects; the test plays the neighbour, the network and the clock.</summary>
internal sealed class PeerUnderTest : IBgpPeerEffects
{
    public static readonly BgpPeerOptions Options = new()
    {
        LocalAs = new AsNumber(64512),
        PeerAs = new AsNumber(64512),
        LocalIdentifier = BgpIdentifier.Parse("192.0.2.5"),
        Families = [AddressFamily.Vpnv4, AddressFamily.RouteTargetMembership],
        ConnectRetry = TimeSpan.FromSeconds(30),
    };

    public PeerUnderTest(BgpPeerOptions? options = null)
    {
        Peer = new BgpPeer(options ?? Options, new AttributeInterner(), Time, seed: 1);
    }

    public BgpPeer Peer { get; }

    /// <summary>Effects in words, but timers; emptied by <see cref="TakeLog"/>.</summary>
    public List<string> Log { get; } = [];

    public Dictionary<PeerTimer, TimeSpan> Timers { get; } = [];

    public List<byte[]> SentMessages { get; } = [];

    public SessionNegotiation? Negotiation { get; private set; }

    public SessionEnd? LastEnd { get; private set; }

    /// <summary>Attempts that were told of: "OpenSent: sent ...", and which in a row it was.</summary>
    public List<string> Failures { get; } = [];

    public SteppedTime Time { get; } = new();

    public static OpenMessage NeighborOpen(
        string identifier = "192.0.2.9",
        bool restarted = false,
        bool notification = false,
        bool forwarding = true,
        ushort holdSeconds = 30
    ) =>
        OpenMessage.Create(
            new AsNumber(64512),
            holdSeconds,
            BgpIdentifier.Parse(identifier),
            [
                new MultiprotocolCapability(AddressFamily.Vpnv4),
                new MultiprotocolCapability(AddressFamily.RouteTargetMembership),
                new RouteRefreshCapability(),
                new GracefulRestartCapability(restarted, notification, 60, [new(AddressFamily.Vpnv4, forwarding)]),
            ]
        );

    public string[] TakeLog()
    {
        var log = Log.ToArray();
        Log.Clear();
        return log;
    }

    public void Do(PeerEvent happened) => Peer.Handle(happened, this);

    public void Fire(PeerTimerKind kind, int connectionId = 0, AddressFamily family = default)
    {
        var timer = new PeerTimer(kind, connectionId, family);
        Assert.That(Timers.Remove(timer), Is.True, $"{timer} is not running");
        Do(new PeerEvent.TimerFired(timer));
    }

    public int Accept()
    {
        var id = Peer.NextConnectionId();
        Do(new PeerEvent.ConnectionAccepted(id));
        return id;
    }

    public void Receive(int connectionId, OpenMessage open)
    {
        var buffer = new byte[MessageFrame.MaxBytes];
        Receive(connectionId, buffer.AsSpan(0, open.Encode(buffer)));
    }

    public void Receive(int connectionId, NotificationMessage notification)
    {
        var buffer = new byte[notification.TotalBytes];
        notification.Encode(buffer);
        Receive(connectionId, buffer);
    }

    public void ReceiveKeepalive(int connectionId) => Receive(connectionId, KeepaliveMessage.Bytes);

    public void Receive(int connectionId, ReadOnlySpan<byte> bytes) => Peer.Receive(connectionId, bytes, this);

    /// <summary>Starts, connects and exchanges OPEN and KEEPALIVE; gives the connection.</summary>
    public int Establish(OpenMessage? open = null)
    {
        Do(new PeerEvent.Start());
        var id = int.Parse(Log.FindLast(l => l.StartsWith("open ", StringComparison.Ordinal))!.Split(' ')[1]);
        Do(new PeerEvent.ConnectionOpened(id));
        Receive(id, open ?? NeighborOpen());
        ReceiveKeepalive(id);
        Assert.That(Peer.State, Is.EqualTo(SessionState.Established));
        Log.Clear();
        return id;
    }

    /// <summary>The OPEN that was sent last.</summary>
    public OpenMessage LastOpen()
    {
        Assert.That(OpenMessage.TryDecode(SentMessages[^1].AsSpan(MessageFrame.HeaderBytes), out var open, out _), Is.True);
        return open!;
    }

    public void OpenConnection(int connectionId) => Log.Add($"open {connectionId}");

    public void CloseConnection(int connectionId) => Log.Add($"close {connectionId}");

    public void Send(int connectionId, ReadOnlySpan<byte> bytes)
    {
        var frame = MessageFrame.Read(bytes, extendedMessages: true);
        SentMessages.Add(bytes.ToArray());
        var detail = frame.Type == MessageType.Notification ? $" {frame.Body[0]}/{frame.Body[1]}" : "";
        Log.Add($"send {connectionId} {frame.Type}{detail}");
    }

    public void SetTimer(PeerTimer timer, TimeSpan due) => Timers[timer] = due;

    public void CancelTimer(PeerTimer timer) => Timers.Remove(timer);

    public void SessionEstablished(SessionNegotiation negotiation)
    {
        Negotiation = negotiation;
        Log.Add("established");
    }

    public void SessionDown(SessionEnd end)
    {
        LastEnd = end;
        Log.Add($"down, stale: {string.Join(' ', end.StaleFamilies)}");
    }

    public void NotEstablished(SessionState state, SessionEnd end) => Failures.Add($"{Peer.FailedAttempts} {state}: {end.Reason}");

    public void UpdateReceived(in UpdateView update)
    {
        foreach (var block in update)
        {
            Log.Add($"{(block.IsWithdrawal ? "withdrawn" : "reachable")} {block.Family}");
        }
    }

    public void UpdateFaulted(UpdateFault fault) => Log.Add($"fault {fault.Fault}");

    public void FamilyDisabled(AddressFamily family, string reason) => Log.Add($"disabled {family}");

    public void EndOfRibReceived(AddressFamily family) => Log.Add($"end of rib {family}");

    public void RouteRefreshRequested(AddressFamily family) => Log.Add($"refresh {family}");

    public void RefreshBegun(AddressFamily family) => Log.Add($"refresh begun {family}");

    public void PrefixWarning(AddressFamily family, uint prefixes, uint maxPrefixes) =>
        Log.Add($"warning: {prefixes} of {maxPrefixes} {family}");

    public void StaleBecameLongLived(EquatableArray<AddressFamily> families) => Log.Add($"long-lived: {string.Join(' ', families)}");

    public void StaleExpired(EquatableArray<AddressFamily> families) => Log.Add($"stale expired: {string.Join(' ', families)}");

    public void RestartCompleted() => Log.Add("restart completed");

    /// <summary>A clock for how long things lasted; the timers are the test's to fire.</summary>
    public sealed class SteppedTime : TimeProvider
    {
        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Elapsed;
    }
}
