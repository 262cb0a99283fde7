using System.Net;
using Fabric.Bgp;
using Fabric.Primitives;
using Fabric.Runtime;
using Fabric.Simulation.Kernel;
using Fabric.Simulation.Packets;
using Fabric.Wire.Bgp;
using Fabric.Wire.Packets;

namespace Fabric.Simulation.Nodes;

/// <summary>
/// A PE router that is not ours but for its BGP: a VRF for each network with an endpoint behind it, importing and exporting that
/// network's route target, and MPLS over GRE towards the hosts.
/// </summary>
internal sealed class SimGateway(int number, SimScheduler scheduler, SimNetwork network, SimUnderlay underlay, TimeProvider time)
{
    private const int BgpPort = 179;
    private const ushort MplsOverGreTunnel = 2;
    private const int OuterBytes = Ipv4Header.Size + GreHeader.Size + MplsLabelEntry.Size;

    private readonly Dictionary<string, GatewayEndpoint> _endpoints = [];
    private readonly Dictionary<string, RouteTarget> _targets = [];
    private readonly List<GatewaySession> _sessions = [];
    private readonly AttributeInterner _interner = new();
    private SimLoop? _loop;
    private Probe? _probe;

    public string Name { get; } = $"gateway{number}";

    public IpAddress Address { get; } = IpAddress.FromIpv4(0x0AFD_0000 | (uint)number);

    public bool IsUp { get; private set; }

    public IReadOnlyList<GatewaySession> Sessions => _sessions;

    public IEnumerable<GatewayEndpoint> Endpoints => _endpoints.Values;

    public IEnumerable<VpnAnnouncement> Announcements =>
        _endpoints.Values.Where(endpoint => _targets.ContainsKey(endpoint.Network)).Select(ToAnnouncement);

    /// <param name="isRestart">It forwarded while its BGP was away (RFC 4724).</param>
    public void Start(IReadOnlyList<SimControlNode> controlNodes, bool isRestart)
    {
        IsUp = true;
        _loop = new SimLoop(scheduler, time);
        underlay.Attach(Address.Ipv4, Receive);
        _sessions.Clear();
        foreach (var node in controlNodes)
        {
            var peer = new BgpPeer(OptionsOf(isRestart), _interner, time, scheduler.Random.Next());
            _sessions.Add(new GatewaySession(this, IpAddress.From(node.Address), peer, _loop));
        }

        network.TransportOf(Name, Address.ToIPAddress()).Listen(new IPEndPoint(Address.ToIPAddress(), BgpPort), _loop, Accept);
        foreach (var session in _sessions)
        {
            _loop.Post(static starting => starting.Start(), session);
        }
    }

    /// <summary>Its BGP dies; packets go on.</summary>
    public void Crash()
    {
        IsUp = false;
        _loop!.Crash();
        network.Crash(Name);
    }

    public IConnection Connect(IpAddress controlNode, IConnectionHandler handler) =>
        network.TransportOf(Name, Address.ToIPAddress()).Connect(new IPEndPoint(controlNode.ToIPAddress(), BgpPort), null, _loop!, handler);

    public void Add(GatewayEndpoint endpoint, RouteTarget target)
    {
        _endpoints.Add(endpoint.Name, endpoint);
        _targets[endpoint.Network] = target;
        AnnounceAll();
    }

    public void Remove(string endpoint)
    {
        _endpoints.Remove(endpoint);
        AnnounceAll();
    }

    public void Start(GatewayEndpoint endpoint, Probe probe)
    {
        _probe = probe;
        Send(endpoint, EndpointPackets.Request(probe, endpoint.Address.Ipv4));
    }

    private void AnnounceAll()
    {
        foreach (var session in _sessions)
        {
            _loop!.Post(static announcing => announcing.Announce(), session);
        }
    }

    private IConnectionHandler Accept(IConnection connection)
    {
        var address = IpAddress.From(((IPEndPoint)connection.Remote).Address);
        return _sessions.First(session => session.ControlNode == address).Accept(connection);
    }

    private void Receive(byte[] packet)
    {
        if (
            !Ipv4Header.TryRead(packet, out var outer)
            || outer.Protocol != IpProtocol.Gre
            || !GreHeader.TryRead(packet.AsSpan(outer.HeaderLength), out var gre)
            || gre.Protocol != EtherType.MplsUnicast
            || !MplsLabelEntry.TryRead(packet.AsSpan(outer.HeaderLength + gre.Length), out var label)
            || _endpoints.Values.FirstOrDefault(endpoint => endpoint.Label == label.Label) is not { } receiver
        )
        {
            return;
        }

        var inner = packet.AsSpan(outer.HeaderLength + gre.Length + MplsLabelEntry.Size);
        if (!Ipv4Header.TryRead(inner, out var ipv4) || ipv4.Destination != receiver.Address.Ipv4)
        {
            return;
        }

        if (_probe is { } probe && EndpointPackets.Answers(inner, probe))
        {
            probe.IsAnswered = true;
        }
        else if (EndpointPackets.Answer(inner) is { } answer)
        {
            Send(receiver, answer);
        }
    }

    /// <summary>Forwards a packet of an endpoint by the routes that its VRF imports.</summary>
    private void Send(GatewayEndpoint endpoint, byte[] packet)
    {
        Ipv4Header.TryRead(packet, out var ipv4);
        var destination = IpPrefix.Host(IpAddress.FromIpv4(ipv4.Destination));
        var target = _targets[endpoint.Network];
        foreach (var (key, path) in _sessions.SelectMany(static session => session.Routes))
        {
            if (key.Prefix == destination && path.Attributes.RouteTargets.Contains(target))
            {
                underlay.Send(Encapsulate(packet, path));
                return;
            }
        }
    }

    private byte[] Encapsulate(byte[] packet, VpnPath path)
    {
        var outer = new byte[OuterBytes + packet.Length];
        Ipv4Header.Write(
            outer,
            outer.Length,
            identification: 0,
            Ipv4Header.DontFragment,
            timeToLive: 64,
            IpProtocol.Gre,
            Address.Ipv4,
            path.Attributes.NextHop.Ipv4
        );
        GreHeader.Write(outer.AsSpan(Ipv4Header.Size), EtherType.MplsUnicast);
        new MplsLabelEntry(path.Label, 0, IsBottomOfStack: true, TimeToLive: 64).Write(outer.AsSpan(Ipv4Header.Size + GreHeader.Size));
        packet.CopyTo(outer, OuterBytes);
        return outer;
    }

    private VpnAnnouncement ToAnnouncement(GatewayEndpoint endpoint) =>
        new(
            new VpnKey(endpoint.Distinguisher, IpPrefix.Host(endpoint.Address)),
            new PathAttributes
            {
                NextHop = Address,
                LocalPref = 100,
                ExtendedCommunities =
                [
                    .. new ExtendedCommunity[]
                    {
                        new(_targets[endpoint.Network].Value),
                        ExtendedCommunity.Encapsulation(MplsOverGreTunnel),
                    }.Order(),
                ],
            },
            endpoint.Label
        );

    private BgpPeerOptions OptionsOf(bool isRestart) =>
        new()
        {
            LocalAs = new AsNumber(SimControlNode.As),
            LocalIdentifier = new BgpIdentifier(Address.Ipv4),
            PeerAs = new AsNumber(SimControlNode.As),
            Families = [AddressFamily.Vpnv4, AddressFamily.RouteTargetMembership],
            ConnectRetry = TimeSpan.FromSeconds(5),
            IsRestarting = isRestart,
        };
}
