using System.Buffers;
using System.Net;
using Fabric.Bgp;
using Fabric.Primitives;
using Fabric.Runtime;
using Fabric.Simulation.Kernel;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>A gateway's BGP session with the control node; the test says what it says, and reads in words what it heard.</summary>
internal sealed class GatewayPlayer : IBgpPeerEffects
{
    private readonly Scene _scene;
    private readonly IPAddress _address;
    private readonly SimLoop _loop;
    private readonly ITransport _transport;
    private readonly Dictionary<int, IConnection> _connections = [];
    private readonly Dictionary<PeerTimer, LoopTimer> _timers = [];
    private readonly HashSet<AddressFamily> _refreshed = [];

    public GatewayPlayer(Scene scene, string name, IPAddress address, AddressFamily[] families)
    {
        _scene = scene;
        _address = address;
        _loop = new SimLoop(scene.Scheduler, new SimClock(scene.Scheduler));
        _transport = scene.Network.TransportOf(name, address);
        Options = new BgpPeerOptions
        {
            LocalAs = new AsNumber(64512),
            LocalIdentifier = BgpIdentifier.Parse(address.ToString()),
            Families = families.Length == 0 ? [AddressFamily.Vpnv4] : [.. families],
            ConnectRetry = TimeSpan.FromSeconds(1),
        };
        Peer = new BgpPeer(Options, new AttributeInterner(), _loop.Time, seed: 3);
    }

    public BgpPeerOptions Options { get; set; }

    public BgpPeer Peer { get; private set; }

    /// <summary>Of what it announces.</summary>
    public IReadOnlyList<uint> AsNumbers { get; set; } = [];

    /// <summary>Its hold timer never expires, so that it is the control node that ends a session on which neither is heard.</summary>
    public bool WaitsForEver { get; set; }

    public List<string> Heard { get; } = [];

    public string[] Take()
    {
        var heard = Heard.ToArray();
        Heard.Clear();
        return heard;
    }

    public GatewayPlayer Connected()
    {
        Begin();
        _scene.Run();
        Assert.That(Peer.State, Is.EqualTo(SessionState.Established), Peer.LastError);
        return this;
    }

    public void Begin()
    {
        Peer = new BgpPeer(Options, new AttributeInterner(), _loop.Time, seed: 3);
        Handle(new PeerEvent.Start());
    }

    public void Handle(PeerEvent happened) => Peer.Handle(happened, this);

    /// <summary>The process dies: connections are lost without a word, and it knows nothing afterwards.</summary>
    public void Crash()
    {
        foreach (var timer in _timers.Values)
        {
            timer.Cancel();
        }

        foreach (var id in _connections.Keys.ToList())
        {
            _connections.Remove(id, out var connection);
            connection!.Close(abort: true);
        }
    }

    public void Announce(RouteTarget target, params string[] prefixes) => Announce(target, communities: 0, prefixes);

    public void Announce(RouteTarget target, int communities, params string[] prefixes)
    {
        var output = new ArrayBufferWriter<byte>();
        var attributes = new PathAttributes
        {
            NextHop = IpAddress.From(_address),
            AsPath = new AsPath(
                AsNumbers.Count == 0
                    ? []
                    : [new AsPathSegment(AsPathSegmentType.Sequence, [.. AsNumbers.Select(number => new AsNumber(number))])]
            ),
            LocalPref = 100,
            Communities = [.. Enumerable.Range(1, communities).Select(number => (uint)number)],
            ExtendedCommunities = [new ExtendedCommunity(target.Value)],
        };
        var rd = RouteDistinguisher.FromAddress(IpAddress.From(_address), 1);
        VpnNlri[] routes = [.. prefixes.Select(prefix => new VpnNlri(rd, IpPrefix.Parse(prefix), new MplsLabel(100)))];
        UpdatePacker.Advertise<VpnNlri>(
            AddressFamily.Vpnv4,
            attributes,
            routes,
            new UpdateEncoding(Peer.Negotiation!.FourOctetAs, Peer.Negotiation.ExtendedMessages),
            output
        );
        Send(output);
    }

    public void Say<TNlri>(AddressFamily family, PathAttributes attributes, params TNlri[] routes)
        where TNlri : struct, INlri<TNlri> =>
        Send(output => UpdatePacker.Advertise<TNlri>(family, attributes, routes, new UpdateEncoding(true, false), output));

    public void TakeBack<TNlri>(AddressFamily family, params TNlri[] routes)
        where TNlri : struct, INlri<TNlri> =>
        Send(output => UpdatePacker.Withdraw<TNlri>(family, routes, new UpdateEncoding(true, false), output));

    /// <summary>In one piece.</summary>
    public void Send(Action<ArrayBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        Send(output);
    }

    public void Ask(RouteTarget target)
    {
        var output = new ArrayBufferWriter<byte>();
        RouteTargetMembershipNlri[] wanted = [RouteTargetMembershipNlri.Create(new AsNumber(64512), target, 96)];
        UpdatePacker.Advertise<RouteTargetMembershipNlri>(
            AddressFamily.RouteTargetMembership,
            new PathAttributes { NextHop = IpAddress.From(_address), LocalPref = 100 },
            wanted,
            new UpdateEncoding(Peer.Negotiation!.FourOctetAs, Peer.Negotiation.ExtendedMessages),
            output
        );
        Send(output);
    }

    public void SayEndOfRib(AddressFamily family)
    {
        var output = new ArrayBufferWriter<byte>();
        UpdatePacker.EndOfRib(family, output);
        Send(output);
    }

    private void Send(ArrayBufferWriter<byte> updates)
    {
        var connection = Peer.CountUpdatesSent(messages: 1)!.Value;
        _connections[connection].Send(updates.WrittenSpan);
    }

    void IBgpPeerEffects.OpenConnection(int connectionId) =>
        _connections[connectionId] = _transport.Connect(
            new IPEndPoint(IPAddress.Parse("192.0.2.1"), 179),
            null,
            _loop,
            new Handler(this, connectionId)
        );

    void IBgpPeerEffects.CloseConnection(int connectionId)
    {
        if (_connections.Remove(connectionId, out var connection))
        {
            connection.Close();
        }
    }

    void IBgpPeerEffects.Send(int connectionId, ReadOnlySpan<byte> bytes) => _connections[connectionId].Send(bytes);

    void IBgpPeerEffects.SetTimer(PeerTimer timer, TimeSpan due)
    {
        if (WaitsForEver && timer.Kind == PeerTimerKind.Hold)
        {
            return;
        }

        if (!_timers.TryGetValue(timer, out var running))
        {
            _timers.Add(timer, running = new LoopTimer(_loop, () => Handle(new PeerEvent.TimerFired(timer))));
        }

        running.Set(due);
    }

    void IBgpPeerEffects.CancelTimer(PeerTimer timer) => _timers.GetValueOrDefault(timer)?.Cancel();

    void IBgpPeerEffects.SessionEstablished(SessionNegotiation negotiation) =>
        Heard.Add(negotiation.PeerGracefulRestart is { Restarted: true } ? "up, restarted" : "up");

    void IBgpPeerEffects.SessionDown(SessionEnd end) => Heard.Add($"down: {end.Reason}");

    void IBgpPeerEffects.UpdateReceived(in UpdateView update)
    {
        foreach (var block in update)
        {
            var verb = block.IsWithdrawal ? "gone" : $"via {block.Attributes!.NextHop}";
            if (block.Family == AddressFamily.RouteTargetMembership)
            {
                foreach (var membership in block.Memberships)
                {
                    Heard.Add(block.IsWithdrawal ? $"{membership.Target} not wanted" : $"{membership.Target} wanted");
                }

                continue;
            }

            foreach (var route in NamesOf(block))
            {
                Heard.Add($"{route} {verb}");
            }
        }
    }

    /// <summary>The routes of a block with their labels, or their path identifiers; of a VPN route the prefix.</summary>
    public static List<string> NamesOf(NlriBlock block)
    {
        List<string> names = [];
        if (block.Family.Safi == AddressFamily.Vpnv4.Safi)
        {
            foreach (var route in block.VpnRoutes)
            {
                names.Add(route.Prefix.ToString());
            }
        }
        else if (block.Family == AddressFamily.L2VpnEvpn)
        {
            foreach (var route in block.EvpnRoutes)
            {
                names.Add($"{route} {route.Data.LabelField}");
            }
        }
        else if (block.Family.Safi == AddressFamily.LabelledIpv4.Safi)
        {
            foreach (var route in block.LabelledRoutes)
            {
                names.Add($"{route} {route.Label}");
            }
        }
        else
        {
            var routes = block.Prefixes;
            while (routes.MoveNext())
            {
                names.Add(block.HasPathIds ? $"{routes.Current} path {routes.PathId}" : routes.Current.ToString());
            }
        }

        return names;
    }

    void IBgpPeerEffects.UpdateFaulted(UpdateFault fault) => Heard.Add($"fault: {fault}");

    void IBgpPeerEffects.FamilyDisabled(AddressFamily family, string reason) => Heard.Add($"{family} disabled");

    void IBgpPeerEffects.EndOfRibReceived(AddressFamily family) => Heard.Add($"end-of-rib {family.Name}");

    void IBgpPeerEffects.RouteRefreshRequested(AddressFamily family) => Heard.Add($"asked for {family.Name}");

    void IBgpPeerEffects.RefreshBegun(AddressFamily family)
    {
        _refreshed.Add(family);
        Heard.Add($"again {family.Name}");
    }

    void IBgpPeerEffects.PrefixWarning(AddressFamily family, uint prefixes, uint maxPrefixes) { }

    void IBgpPeerEffects.StaleBecameLongLived(EquatableArray<AddressFamily> families) { }

    void IBgpPeerEffects.StaleExpired(EquatableArray<AddressFamily> families) =>
        Heard.AddRange(families.Where(_refreshed.Remove).Select(family => $"again {family.Name}, that was all"));

    void IBgpPeerEffects.RestartCompleted() { }

    private sealed class Handler(GatewayPlayer player, int id) : IConnectionHandler
    {
        public void OnOpened(IConnection connection) => player.Handle(new PeerEvent.ConnectionOpened(id));

        public int OnReceived(IConnection connection, ReadOnlySpan<byte> bytes) => player.Peer.Receive(id, bytes, player);

        public void OnWritable(IConnection connection) { }

        public void OnSecured(IConnection connection, IReadOnlyList<string> peerNames) { }

        public void OnClosed(IConnection connection, string reason)
        {
            if (player._connections.Remove(id))
            {
                player.Handle(new PeerEvent.ConnectionClosed(id, reason));
            }
        }
    }
}
