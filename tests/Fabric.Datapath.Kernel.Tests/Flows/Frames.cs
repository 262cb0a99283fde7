using Fabric.Datapath.Kernel.Tests.Equality;
using Fabric.Datapath.Kernel.Tests.Kernel;
using Fabric.Model.Datapath;
using Fabric.Primitives;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Kernel.Tests.Flows;

/// <summary>Datagrams as they come in, and a route to the host of the underlay that sends them.</summary>
internal static class Frames
{
    private const uint Label = 16;
    private const int TunnelSize = Ipv4Header.Size + GreHeader.Size + MplsLabelEntry.Size;

    /// <summary>That to <see cref="RandomTables.FarAway"/>, by the first of <see cref="RandomTables.OuterSources"/>.</summary>
    public static RouteEntry RouteToUnderlay =>
        new()
        {
            Vrf = 1,
            Prefix = 0x1400_0000,
            Length = 8,
            NextHop = 4,
            Label = 30,
        };

    // Ether(dst=GW,src=M1)/IP(src="10.1.0.11",dst="10.1.0.12",id=1,ttl=64)/UDP(sport=4000,dport=53)/b"question", of scapy 2.5.0.
    /// <summary>From the machine at vif 1 to that at vif 2.</summary>
    public static byte[] Question() =>
        Convert.FromHexString("00005e00010002000000000108004500002400010000401166b00a01000b0a01000c0fa00035001021207175657374696f6e");

    public static byte[] FromVif1(uint source, uint destination, ushort sourcePort, ushort port) =>
        FromVif(1, source, destination, IpProtocol.Udp, Datagram(source, destination, sourcePort, port));

    public static byte[] FromVif(uint vif, uint source, uint destination, byte protocol, byte[] payload)
    {
        byte[] frame = [.. new byte[EthernetHeader.Size], .. Packet(source, destination, protocol, payload)];
        EthernetHeader.Write(frame, MacAddress.VirtualRouter, new MacAddress(0x0200_0000_0000UL + vif), EtherType.Ipv4);
        return frame;
    }

    /// <summary>To the label of vif 1.</summary>
    public static byte[] FromUnderlay(uint source, uint destination, ushort sourcePort, ushort port) =>
        FromUnderlay(source, destination, IpProtocol.Udp, Datagram(source, destination, sourcePort, port));

    /// <summary>To the label of vif 1.</summary>
    public static byte[] FromUnderlay(uint source, uint destination, byte protocol, byte[] payload)
    {
        byte[] frame = [.. new byte[EthernetHeader.Size + TunnelSize], .. Packet(source, destination, protocol, payload)];
        EthernetHeader.Write(frame, MacAddress.Parse(TestNetwork.UplinkMac), new MacAddress(0x0200_0000_00AA), EtherType.Ipv4);
        var outer = frame.AsSpan(EthernetHeader.Size);
        Ipv4Header.Write(
            outer,
            outer.Length,
            7,
            Ipv4Header.DontFragment,
            64,
            IpProtocol.Gre,
            RandomTables.OuterSources[0],
            RandomTables.TunnelSource
        );
        GreHeader.Write(outer[Ipv4Header.Size..], EtherType.MplsUnicast);
        new MplsLabelEntry(new MplsLabel(Label), 0, IsBottomOfStack: true, 64).Write(outer[(TunnelSize - MplsLabelEntry.Size)..]);
        return frame;
    }

    private static byte[] Packet(uint source, uint destination, byte protocol, byte[] payload)
    {
        byte[] packet = [.. new byte[Ipv4Header.Size], .. payload];
        Ipv4Header.Write(packet, packet.Length, 7, Ipv4Header.DontFragment, 64, protocol, source, destination);
        return packet;
    }

    private static byte[] Datagram(uint source, uint destination, ushort sourcePort, ushort port)
    {
        var datagram = new byte[UdpHeader.Size];
        UdpHeader.Write(datagram, sourcePort, port, source, destination);
        return datagram;
    }
}
