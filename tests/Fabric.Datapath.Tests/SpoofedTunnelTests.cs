using System.Buffers.Binary;
using Fabric.Primitives;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Tests;

/// <summary>Tunnel packets in the name of others: from a host behind which their sender is not, or from no sender that can be.</summary>
public sealed class SpoofedTunnelTests
{
    private const int Inner = 28;

    [Test]
    public void A_packet_from_another_host_leaves_the_flow_that_it_looks_like_alone()
    {
        var host = new Host();
        Assert.That(host.FromUplink(Golden.SynFromRemote80).Count, Is.EqualTo(1));
        var before = host.Flow("10.1.0.21", "10.1.0.12", 80)!;
        Assert.That(host.FromUplink(FromElsewhere(Golden.SynFromRemote80, TcpFlags.Fin | TcpFlags.Acknowledgment)).Count, Is.Zero);
        Assert.That(host.Dropped(DropReason.InvalidSource), Is.EqualTo(1));
        Assert.That(host.Pipeline.Flows.IsCurrent(before.Index));
        Assert.That(host.Flow("10.1.0.21", "10.1.0.12", 80), Is.EqualTo(before));
    }

    [Test]
    public void A_packet_in_the_name_of_the_machine_itself_leaves_its_flow_alone()
    {
        var host = new Host();
        host.FromVif(1, Datagram.Frame("10.1.0.11", "10.1.0.21", 4000, 53));
        var before = host.Flow("10.1.0.11", "10.1.0.21", 53)!;
        Assert.That(host.FromUplink(Datagram.FromUnderlay("10.1.0.11", "10.1.0.21", 4000, 53)).Count, Is.Zero);
        Assert.That(host.Dropped(DropReason.InvalidSource), Is.EqualTo(1));
        Assert.That(host.Flow("10.1.0.11", "10.1.0.21", 53), Is.EqualTo(before));
    }

    // RFC 1812 section 5.3.7: no machine has these addresses, whatever route there is.
    [TestCase("224.0.0.1")]
    [TestCase("255.255.255.255")]
    [TestCase("240.0.0.1")]
    [TestCase("127.0.0.1")]
    [TestCase("0.0.0.1")]
    public void A_source_that_no_machine_has_is_dropped(string source)
    {
        var host = new Host();
        host.Apply(new Model.Datapath.Batch { Routes = { Host.Route(1, "0.0.0.0/0", 4, 21) } });
        Assert.That(host.FromUplink(Datagram.FromUnderlay(source, "10.1.0.11", 4000, 53)).Count, Is.Zero);
        Assert.That((host.Dropped(DropReason.InvalidSource), host.Pipeline.Flows.Count), Is.EqualTo((1L, 0)));
    }

    // A router on the way may have any address, known here or not; but it is behind the host that the packet was sent to.
    [TestCase("192.0.2.2", "10.1.0.21", 1)]
    [TestCase("192.0.2.2", "172.16.9.9", 1)]
    [TestCase("192.0.2.9", "10.1.0.21", 0)]
    [TestCase("192.0.2.9", "172.16.9.9", 0)]
    public void An_icmp_error_comes_from_the_host_that_the_packet_which_it_quotes_went_to(string from, string router, int delivered)
    {
        var host = new Host();
        host.FromVif(1, Datagram.Frame("10.1.0.11", "10.1.0.21", 4000, 53));
        Assert.That(host.FromUplink(Unreachable(from, router)).Count, Is.EqualTo(delivered));
        Assert.That(host.Dropped(DropReason.InvalidSource) + host.Dropped(DropReason.NoSourceRoute), Is.EqualTo(1 - delivered));
    }

    private static byte[] Unreachable(string from, string router)
    {
        const int Quoted = Ipv4Header.Size + Icmpv4Header.Size;
        byte[] packet = [.. new byte[Inner + Quoted], .. Datagram.Frame("10.1.0.11", "10.1.0.21", 4000, 53)[EthernetHeader.Size..]];
        Ipv4Header.Write(packet, packet.Length, 0, 0, 64, IpProtocol.Gre, Host.Address(from), Host.Address("192.0.2.1"));
        GreHeader.Write(packet.AsSpan(Ipv4Header.Size), EtherType.MplsUnicast);
        new MplsLabelEntry(new MplsLabel(16), 0, IsBottomOfStack: true, 64).Write(packet.AsSpan(Inner - MplsLabelEntry.Size));
        var inner = packet.AsSpan(Inner);
        Icmpv4Header.Write(inner[Ipv4Header.Size..], Icmpv4Type.DestinationUnreachable, code: 1, rest: 0);
        Ipv4Header.Write(inner, inner.Length, 0, 0, 64, IpProtocol.Icmp, Host.Address(router), Host.Address("10.1.0.11"));
        return packet;
    }

    private static byte[] FromElsewhere(byte[] packet, TcpFlags flags)
    {
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(12), Host.Address("192.0.2.9"));
        Ipv4Header.WriteChecksum(packet.AsSpan(0, Ipv4Header.Size));
        packet[Inner + Ipv4Header.Size + TcpHeader.FlagsOffset] = (byte)flags;
        return packet;
    }
}
