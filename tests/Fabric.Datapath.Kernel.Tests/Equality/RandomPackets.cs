using System.Buffers.Binary;
using Fabric.Primitives;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Kernel.Tests.Equality;

/// <summary>
/// Packets of chance, most of them of a few connections to a few ports, so that flows and kinds of flows are met again; the others odd or hostile: wrong lengths and checksums,
/// options, fragments, spoofed addresses, label stacks, bytes that were cut off or turned over.
/// </summary>
internal sealed class RandomPackets(Random random)
{
    private static readonly MacAddress UplinkMac = MacAddress.Parse(Kernel.TestNetwork.UplinkMac);
    private static readonly uint[] Others = [.. RandomTables.Remotes, .. RandomTables.FarAway];
    private static readonly int[] PayloadSizes = [0, 1, 18, 100, 600, 1452, 1460, 1473, 2000, 3000];
    private const int Remembered = 24;
    private const int RememberedServices = 6;
    private readonly byte[] space = new byte[4096];
    private readonly List<TestPacket> latest = [];
    private readonly List<Service> services = [];
    private Service service = new(0, 0, 0, 0, 0, IsAnswer: false);

    // What connections have in common: the interface that packets come in by (0: the uplink), the one at the local end, the address at the
    // other, and the port of the side that does not open them.
    private sealed record Service(uint Vif, uint Local, uint Remote, byte Protocol, ushort Port, bool IsAnswer);

    /// <summary>A packet; two of three were there a short time ago.</summary>
    public TestPacket Next()
    {
        if (latest.Count == Remembered && random.Next(3) != 0)
        {
            return latest[random.Next(Remembered)];
        }

        var packet = Create();
        latest.Add(packet);
        latest.RemoveRange(0, Math.Max(0, latest.Count - Remembered));
        return packet;
    }

    private TestPacket Create()
    {
        service = services.Count > 0 && !Rarely(3) ? services[random.Next(services.Count)] : CreateService();
        var vif = service.Vif;
        var length = vif == 0 ? WriteUplinkFrame() : WriteVifFrame(vif);
        length = Math.Max(Spoil(length, isUplink: vif == 0), ShortestRun());
        var frame = space.AsSpan(0, length).ToArray();
        return new TestPacket(vif, frame, SegmentSizeOf(vif, frame));
    }

    private Service CreateService()
    {
        var vif = (uint)random.Next(0, 4);
        var protocol = Pick(
            IpProtocol.Tcp,
            IpProtocol.Tcp,
            IpProtocol.Udp,
            IpProtocol.Udp,
            IpProtocol.Icmp,
            Pick(IpProtocol.Sctp, (byte)50)
        );
        var remote = vif == 0 ? Pick(Others) : Pick([.. Others, .. RandomTables.Locals[1..]]);
        var local = vif == 0 ? (uint)random.Next(1, 4) : vif;
        services.Add(new Service(vif, local, remote, protocol, Pick((ushort)80, (ushort)2000), Rarely(2)));
        services.RemoveRange(0, Math.Max(0, services.Count - RememberedServices));
        return services[^1];
    }

    private int WriteVifFrame(uint vif)
    {
        var source = Rarely(40) ? new MacAddress(0x0200_0000_0009) : new MacAddress(0x0200_0000_0000UL + vif);
        var destination = Rarely(40)
            ? Pick(MacAddress.Broadcast, new MacAddress(0x0100_5E00_00FB), new MacAddress(0x0200_0000_0001))
            : MacAddress.VirtualRouter;
        var type = Rarely(40) ? Pick(EtherType.Arp, EtherType.Ipv6, (ushort)0x88CC) : EtherType.Ipv4;
        EthernetHeader.Write(space, destination, source, type);
        var from = Rarely(30) ? Pick(RandomTables.Remotes) : RandomTables.Locals[vif];
        var to = Rarely(30) ? Strange() : service.Remote;
        return EthernetHeader.Size + WritePacket(space.AsSpan(EthernetHeader.Size), from, to);
    }

    private int WriteUplinkFrame()
    {
        EthernetHeader.Write(space, UplinkMac, new MacAddress(0x0200_0000_00AA), EtherType.Ipv4);
        var outer = space.AsSpan(EthernetHeader.Size);
        var overUdp = random.Next(3) == 0;
        var options = Rarely(30) ? 4 : 0;
        var header = Ipv4Header.Size + options;
        var length = header + (overUdp ? WriteUdpTunnel(outer[header..]) : WriteGreTunnel(outer[header..]));
        WriteIpv4(
            outer,
            header,
            length,
            Rarely(40) ? (ushort)0x2000 : Pick((ushort)0, Ipv4Header.DontFragment),
            (byte)random.Next(1, 255),
            Rarely(50) ? IpProtocol.Icmp
                : overUdp ? IpProtocol.Udp
                : IpProtocol.Gre,
            Rarely(40) ? Pick<uint>(0, 0xC000_0299)
                : Rarely(6) ? Pick(RandomTables.OuterSources)
                : RandomTables.UsualHost(service.Remote),
            Rarely(40) ? 0xC000_0209 : RandomTables.TunnelSource
        );
        return EthernetHeader.Size + length;
    }

    private int WriteGreTunnel(Span<byte> gre)
    {
        var flags = Rarely(15) ? Pick((ushort)0x8000, (ushort)0x2000, (ushort)0x1000, (ushort)1) : (ushort)0;
        BinaryPrimitives.WriteUInt16BigEndian(gre, flags);
        BinaryPrimitives.WriteUInt16BigEndian(gre[2..], Rarely(40) ? EtherType.Ipv4 : EtherType.MplsUnicast);
        var header = GreHeader.Size + ((flags & 0xA000) != 0 ? 4 : 0);
        gre[GreHeader.Size..header].Clear();
        var length = header + WriteLabelled(gre[header..]);
        if (flags == 0x8000 && !Rarely(4))
        {
            BinaryPrimitives.WriteUInt16BigEndian(gre[4..], InternetChecksum.Compute(gre[..length]));
        }

        return length;
    }

    private int WriteUdpTunnel(Span<byte> udp)
    {
        var length = UdpHeader.Size + WriteLabelled(udp[UdpHeader.Size..]);
        BinaryPrimitives.WriteUInt16BigEndian(udp, (ushort)random.Next(49152, 65536));
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], Rarely(40) ? (ushort)6636 : (ushort)6635);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)(Rarely(40) ? random.Next(0, 65536) : length));
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], Rarely(20) ? (ushort)random.Next(0, 65536) : (ushort)0);
        return length;
    }

    private int WriteLabelled(Span<byte> labelled)
    {
        var vif = service.Local;
        var label = Rarely(30) ? Pick<uint>(0, 3, 19, 20, 120, 200, 0xFFFFF) : 15 + vif;
        new MplsLabelEntry(new MplsLabel(label), (byte)random.Next(8), !Rarely(40), Rarely(40) ? (byte)0 : (byte)64).Write(labelled);
        var to = Rarely(15) ? Pick(Strange(), service.Remote) : RandomTables.Locals[vif];
        var from = Rarely(30) ? Strange() : service.Remote;
        return MplsLabelEntry.Size + WritePacket(labelled[MplsLabelEntry.Size..], from, to);
    }

    private int WritePacket(Span<byte> packet, uint from, uint to)
    {
        var options = Rarely(40) ? 4 * random.Next(1, 4) : 0;
        var header = Ipv4Header.Size + options;
        var length = header + WriteTransport(packet[header..], from, to);
        var fragment = Rarely(40) ? Pick((ushort)0x2000, (ushort)1, (ushort)0x2064) : (ushort)0;
        var timeToLive = Rarely(30) ? Pick((byte)0, (byte)1, (byte)2) : (byte)64;
        WriteIpv4(
            packet,
            header,
            length,
            (ushort)(fragment | (random.Next(2) == 0 ? Ipv4Header.DontFragment : 0)),
            timeToLive,
            service.Protocol,
            from,
            to
        );
        return length;
    }

    private int WriteTransport(Span<byte> transport, uint from, uint to)
    {
        var payload = PayloadSizes[random.Next(Rarely(8) ? PayloadSizes.Length : 4)];
        var opener = (ushort)random.Next(1000, 1006);
        var (source, destination) = service.IsAnswer ? (service.Port, opener) : (opener, service.Port);
        switch (service.Protocol)
        {
            case IpProtocol.Tcp:
                return WriteTcp(transport, source, destination, payload, from, to);
            case IpProtocol.Udp:
                var isDhcp = Rarely(40);
                transport[UdpHeader.Size..(UdpHeader.Size + payload)].Fill((byte)random.Next(256));
                UdpHeader.Write(
                    transport[..(UdpHeader.Size + payload)],
                    isDhcp ? (ushort)68 : source,
                    isDhcp ? (ushort)67 : destination,
                    from,
                    to
                );
                return UdpHeader.Size + payload;
            case IpProtocol.Icmp:
                transport[..(Icmpv4Header.Size + payload)].Clear();
                var type = Rarely(8) ? (Icmpv4Type)random.Next(0, 15) : Pick(Icmpv4Type.Echo, Icmpv4Type.EchoReply);
                Icmpv4Header.Write(transport[..(Icmpv4Header.Size + payload)], type, 0, (uint)random.Next(1, 3) << 16 | 1);
                return Icmpv4Header.Size + payload;
            default:
                BinaryPrimitives.WriteUInt16BigEndian(transport, source);
                BinaryPrimitives.WriteUInt16BigEndian(transport[2..], destination);
                return 12 + payload;
        }
    }

    private int WriteTcp(Span<byte> tcp, ushort source, ushort destination, int payload, uint from, uint to)
    {
        var options = Pick(0, 4, 8, 12);
        var length = TcpHeader.Size + options + payload;
        tcp[..length].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(tcp, source);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], destination);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], (uint)(1000 + random.Next(0, 3) * 50));
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], (uint)(1000 + random.Next(0, 3) * 50));
        tcp[12] = (byte)((Rarely(40) ? random.Next(16) : (TcpHeader.Size + options) / 4) << 4);
        tcp[13] = (byte)Pick(
            TcpFlags.Syn,
            TcpFlags.Syn | TcpFlags.Acknowledgment,
            TcpFlags.Acknowledgment,
            TcpFlags.Acknowledgment | TcpFlags.Push,
            TcpFlags.Acknowledgment,
            Pick(TcpFlags.Reset, TcpFlags.Reset | TcpFlags.Acknowledgment),
            Rarely(2) ? TcpFlags.Fin | TcpFlags.Acknowledgment : (TcpFlags)random.Next(256)
        );
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], (ushort)random.Next(0, 300));
        if (options > 0)
        {
            WriteOptions(tcp[TcpHeader.Size..(TcpHeader.Size + options)]);
        }

        TcpHeader.WriteChecksum(tcp[..length], from, to);
        return length;
    }

    // An announced segment size (5, 180) and a window scale, at even and odd places, with wrong lengths, cut off; or anything.
    private void WriteOptions(Span<byte> options)
    {
        random.NextBytes(options);
        if (Rarely(8))
        {
            return;
        }

        byte[] layout = Pick<byte[]>(
            [2, 4, 5, 180, 1, 3, 3, 7, 4, 2, 1, 1],
            [1, 2, 4, 5, 180, 3, 3, 7, 1, 1, 1, 1],
            [3, 3, 9, 2, 4, 5, 180, 2, 4, 1, 1, 0],
            [3, 4, 9, 9, 2, 4, 5, 180, 1, 3, 3, 7],
            [2, 3, 5, 2, 4, 5, 180, 1, 3, 3, 5, 0]
        );
        layout.AsSpan(0, options.Length).CopyTo(options);
        var at = options.IndexOf((ReadOnlySpan<byte>)[5, 180]);
        if (at >= 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(options[at..], Pick((ushort)536, (ushort)1400, (ushort)1460, (ushort)8960));
        }
    }

    private static void WriteIpv4(
        Span<byte> packet,
        int header,
        int length,
        ushort flags,
        byte timeToLive,
        byte protocol,
        uint from,
        uint to
    )
    {
        Ipv4Header.Write(packet, length, 7, flags, timeToLive, protocol, from, to);
        packet[Ipv4Header.Size..header].Fill(1);
        packet[0] = (byte)(0x40 | header / 4);
        Ipv4Header.WriteChecksum(packet[..header]);
    }

    // The kernel runs no frame whose IP header is not all there.
    private int ShortestRun() =>
        EthernetHeader.Size
        + BinaryPrimitives.ReadUInt16BigEndian(space.AsSpan(12)) switch
        {
            EtherType.Ipv4 => Ipv4Header.Size,
            EtherType.Ipv6 => 40,
            _ => 1,
        };

    // Padding, a cut, or a byte that is another (of what a host of the underlay sends, not of its Ethernet header, which is the link's).
    private int Spoil(int length, bool isUplink)
    {
        if (Rarely(12))
        {
            var padding = random.Next(1, 20);
            space.AsSpan(length, padding).Clear();
            return length + padding;
        }

        if (Rarely(25))
        {
            return random.Next(EthernetHeader.Size, length + 1);
        }

        if (Rarely(10))
        {
            space[random.Next(isUplink ? EthernetHeader.Size : 0, Math.Min(length, 80))] = (byte)random.Next(256);
        }

        return length;
    }

    // A segment of TCP that its sender wants cut.
    private ushort SegmentSizeOf(uint vif, ReadOnlySpan<byte> frame) =>
        vif != 0
        && frame.Length > 500
        && PacketParser.Parse(frame[EthernetHeader.Size..], out var facts) == DropReason.None
        && facts is { Protocol: IpProtocol.Tcp, IsFragment: false }
        && random.Next(2) == 0
            ? (ushort)random.Next(100, 1500)
            : (ushort)0;

    private uint Strange() => Pick<uint>(0, 0xFFFF_FFFF, 0xE000_0001, 0xF000_0001, 0x7F00_0001, 0x0A01_0001, 0x0A63_0001);

    private bool Rarely(int oneOf) => random.Next(oneOf) == 0;

    private T Pick<T>(params T[] choices) => choices[random.Next(choices.Length)];
}
