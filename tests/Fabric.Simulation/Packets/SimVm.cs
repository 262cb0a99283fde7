using Fabric.Primitives;
using Fabric.Wire.Packets;

namespace Fabric.Simulation.Packets;

/// <summary>A VM with an IP stack small enough to read: resolves its neighbour or gateway by ARP, answers echoes and SYNs.</summary>
internal sealed class SimVm(string name, int number, string network, IpPrefix subnet, IpAddress gateway, IpAddress address)
{
    private readonly Dictionary<uint, MacAddress> _neighbors = [];
    private readonly List<byte[]> _unresolved = [];
    private Probe? _probe;

    public string Name => name;

    public string Network => network;

    public IpAddress Address => address;

    public string Device => $"tap-{name}";

    public Guid PortId { get; } = new(number, 0, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 1);

    public MacAddress Mac { get; } = new(0x0200_0000_0000UL | (uint)number);

    /// <summary>The host it runs on.</summary>
    public int Host { get; set; }

    /// <summary>The other end of its interface; null while it is not plugged.</summary>
    public Action<byte[]>? Transmit { get; set; }

    public bool IsPlugged => Transmit is not null;

    public string[] SecurityGroups { get; set; } = [];

    /// <summary>Sends a probe's request, after asking anew for the next hop's address.</summary>
    public void Start(Probe probe)
    {
        _probe = probe;
        _neighbors.Clear();
        _unresolved.Clear();
        Send(EndpointPackets.Request(probe, address.Ipv4));
    }

    public void Receive(byte[] frame)
    {
        if (!EthernetHeader.TryRead(frame, out var ethernet) || (ethernet.Destination != Mac && !ethernet.Destination.IsMulticast))
        {
            return;
        }

        var payload = frame.AsSpan(EthernetHeader.Size);
        if (ethernet.Type == EtherType.Arp && ArpPacket.TryRead(payload, out var arp))
        {
            ReceiveArp(arp);
        }
        else if (ethernet.Type == EtherType.Ipv4 && Ipv4Header.TryRead(payload, out var ipv4) && ipv4.Destination == address.Ipv4)
        {
            if (_probe is { } probe && EndpointPackets.Answers(payload, probe))
            {
                probe.IsAnswered = true;
            }
            else if (EndpointPackets.Answer(payload) is { } answer)
            {
                Send(answer);
            }
        }
    }

    private void ReceiveArp(ArpPacket arp)
    {
        if (arp.Operation == ArpOperation.Request && arp.TargetAddress == address.Ipv4)
        {
            SendArp(ArpOperation.Reply, arp.SenderMac, arp.SenderMac, arp.SenderAddress);
        }
        else if (arp.Operation == ArpOperation.Reply)
        {
            _neighbors[arp.SenderAddress] = arp.SenderMac;
            var waiting = _unresolved.ToList();
            _unresolved.Clear();
            waiting.ForEach(Send);
        }
    }

    private void Send(byte[] packet)
    {
        Ipv4Header.TryRead(packet, out var ipv4);
        var isNeighbor = subnet.Contains(IpAddress.FromIpv4(ipv4.Destination));
        var nextHop = isNeighbor ? ipv4.Destination : gateway.Ipv4;
        if (!_neighbors.TryGetValue(nextHop, out var mac))
        {
            _unresolved.Add(packet);
            SendArp(ArpOperation.Request, MacAddress.Broadcast, default, nextHop);
            return;
        }

        var frame = new byte[EthernetHeader.Size + packet.Length];
        EthernetHeader.Write(frame, mac, Mac, EtherType.Ipv4);
        packet.CopyTo(frame, EthernetHeader.Size);
        Transmit?.Invoke(frame);
    }

    private void SendArp(ArpOperation operation, MacAddress destination, MacAddress targetMac, uint target)
    {
        var frame = new byte[EthernetHeader.Size + ArpPacket.Size];
        EthernetHeader.Write(frame, destination, Mac, EtherType.Arp);
        ArpPacket.Write(frame.AsSpan(EthernetHeader.Size), operation, Mac, address.Ipv4, targetMac, target);
        Transmit?.Invoke(frame);
    }
}
