using System.Buffers.Binary;
using System.Net.Sockets;
using Fabric.Datapath.Kernel.Tests.Equality;
using Fabric.Datapath.Kernel.Tests.Kernel;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Kernel.Tests.Flows;

/// <summary>
/// Where a device writes the checksum that a machine left to it is the machine's to say. What the programs forward is a packet that they have looked
/// at, and must still be that one behind a device that does so.
/// </summary>
[TestFixture]
internal sealed class HostileOffloadTests
{
    private static readonly byte[] Datagram = Frames.FromVif1(RandomTables.Locals[1], RandomTables.Locals[2], 4000, 53);
    private static readonly byte[] Segment = Frames.FromVif(
        1,
        RandomTables.Locals[1],
        RandomTables.Locals[2],
        IpProtocol.Tcp,
        TcpSegment()
    );
    private static readonly byte[] Echo = Frames.FromVif(
        1,
        RandomTables.Locals[1],
        RandomTables.Locals[2],
        IpProtocol.Icmp,
        [8, 0, 0xF7, 0xF8, 0, 7, 0, 0]
    );
    private KernelHost host = null!;

    [SetUp]
    public void MakeHost()
    {
        host = new KernelHost();
        host.Apply(OneNetwork.Tables(RandomTables.Everything));
        foreach (var frame in (byte[][])[Datagram, Segment, Echo])
        {
            host.Take(new TestPacket(1, frame), 1_000);
        }

        TestNetwork.Run("ethtool", "-K vif2 tx off");
        host.Cache.AttachVif(TestNetwork.IndexOf("vif1"));
    }

    [TearDown]
    public void RemoveHost() => host?.Dispose();

    [TestCase(IpProtocol.Udp, 34, 0, Description = "source port")]
    [TestCase(IpProtocol.Udp, 34, 2, Description = "destination port")]
    [TestCase(IpProtocol.Udp, 34, 5, Description = "length and checksum")]
    [TestCase(IpProtocol.Tcp, 34, 2, Description = "destination port")]
    [TestCase(IpProtocol.Tcp, 34, 12, Description = "flags")]
    [TestCase(IpProtocol.Icmp, 34, 0, Description = "type")]
    public void A_checksum_is_not_written_over_what_the_verdict_is_about(byte protocol, int start, int offset)
    {
        var frame = FrameOf(protocol);
        using var sender = new OffloadSocket("vif1-far");
        using var receiver = new OffloadSocket("vif2-far");
        sender.Send(frame, start, offset);
        sender.Send(Datagram);
        Assert.That(receiver.Receive()[Ports], Is.EqualTo(Datagram[Ports]), "the next packet is the first to come");
        Assert.That(host.Pipeline.Drops.Totals[(int)DropReason.InvalidOffload], Is.EqualTo(1));
        Assert.That(host.Memory.VifDrops[Shared.SharedSizes.ReasonsOfVif + (int)DropReason.InvalidOffload], Is.EqualTo(1));
    }

    // The sum of the pseudo-header in the field, as a machine leaves it.
    [TestCase(IpProtocol.Udp, UdpHeader.ChecksumOffset)]
    [TestCase(IpProtocol.Tcp, TcpHeader.ChecksumOffset)]
    public void A_checksum_where_it_belongs_is_left_to_the_device(byte protocol, int offset)
    {
        var frame = FrameOf(protocol).ToArray();
        var partial = frame.ToArray();
        var length = frame.Length - Transport;
        var pseudoHeader = InternetChecksum.PseudoHeader(RandomTables.Locals[1], RandomTables.Locals[2], protocol, length);
        BitConverter.TryWriteBytes(
            partial.AsSpan(Transport + offset),
            BinaryPrimitives.ReverseEndianness((ushort)~InternetChecksum.Finish(pseudoHeader))
        );
        using var sender = new OffloadSocket("vif1-far");
        using var receiver = new OffloadSocket("vif2-far");
        sender.Send(partial, Transport, offset);
        Assert.That(receiver.Receive()[Transport..frame.Length], Is.EqualTo(frame[Transport..]));
        Assert.That(
            host.Memory.CacheCounters.Span.ToArray().Sum(static lane => (long)lane.Hits),
            Is.EqualTo(1),
            "a program has forwarded it"
        );
    }

    // Into no more than Linux would cut it into: one large packet would cost the host as tens of thousands. Datagrams in more pieces some kernels refuse
    // themselves.
    [TestCase(IpProtocol.Tcp, 8, true)]
    [TestCase(IpProtocol.Tcp, 7, false)]
    [TestCase(IpProtocol.Udp, 8, true)]
    public void A_program_lets_no_packet_be_cut_into_crumbs(byte protocol, int segmentSize, bool isForwarded)
    {
        var (from, to) = (RandomTables.Locals[1], RandomTables.FarAway[0]);
        var isUdp = protocol == IpProtocol.Udp;
        var frame = isUdp ? Frames.FromVif1(from, to, 4000, 53) : Frames.FromVif(1, from, to, protocol, TcpSegment());
        host.Take(new TestPacket(1, frame), 1_000);
        var large = Large(frame, protocol, to);
        using var sender = new OffloadSocket("vif1-far");
        var before = Sum(static lane => lane.Exceptions);
        sender.SendLarge(large, isUdp, frame.Length, isUdp ? UdpHeader.ChecksumOffset : TcpHeader.ChecksumOffset, segmentSize);
        Assert.That(() => Sum(static lane => lane.Hits + lane.Exceptions) - before, Is.EqualTo(1).After(5_000, pollingInterval: 5));
        Assert.That(Sum(static lane => lane.Hits), Is.EqualTo(isForwarded ? 1 : 0));
    }

    // The programs leave that to the kernel: to ask would cost too much (bpf/offload.h).
    [TestCase(IpProtocol.Tcp, 34, 0, Description = "source port")]
    [TestCase(IpProtocol.Tcp, 34, 2, Description = "destination port")]
    [TestCase(IpProtocol.Tcp, 34, 12, Description = "flags")]
    [TestCase(IpProtocol.Tcp, 26, 0, Description = "source address")]
    [TestCase(IpProtocol.Tcp, 20, 16, Description = "destination port, behind another start")]
    [TestCase(IpProtocol.Tcp, 54, 16, Description = "data, behind another start")]
    [TestCase(IpProtocol.Udp, 34, 0, Description = "source port")]
    [TestCase(IpProtocol.Udp, 34, 2, Description = "destination port")]
    [TestCase(IpProtocol.Udp, 26, 0, Description = "source address")]
    [TestCase(IpProtocol.Udp, 30, 6, Description = "destination port, behind another start")]
    [TestCase(IpProtocol.Udp, 42, 6, Description = "data, behind another start")]
    public void A_large_packet_whose_checksum_goes_elsewhere_never_comes_out(byte protocol, int start, int offset)
    {
        foreach (var cutting in (string[])["on", "off"])
        {
            TestNetwork.Run("ethtool", $"-K vif2 tx {cutting} tso {cutting} gso {cutting}");
            using var receiver = new OffloadSocket("vif2-far");
            using var sender = new OffloadSocket("vif1-far");
            TrySendLarge(sender, protocol, start, offset);
            sender.Send(Datagram);
            Assert.That(receiver.Receive()[Length], Is.EqualTo(Datagram[Length]), $"the next packet is the first to come; tx {cutting}");
        }
    }

    // Else nothing of the kind would come out of this test either.
    [TestCase(IpProtocol.Tcp, TcpHeader.ChecksumOffset)]
    [TestCase(IpProtocol.Udp, UdpHeader.ChecksumOffset)]
    public void A_large_packet_whose_checksum_goes_where_it_belongs_comes_out(byte protocol, int offset)
    {
        using var receiver = new OffloadSocket("vif2-far");
        using var sender = new OffloadSocket("vif1-far");
        Assert.That(TrySendLarge(sender, protocol, Transport, offset), Is.True);
        Assert.That(receiver.Receive()[Ports], Is.EqualTo(FrameOf(protocol)[Ports]));
    }

    // A kind that the kernel takes without asking where the checksum goes: it cuts it itself, and writes that where the header has it.
    [TestCase(34, 0, Description = "source port")]
    [TestCase(34, 2, Description = "destination port")]
    [TestCase(30, 6, Description = "destination port, behind another start")]
    [TestCase(34, 6, Description = "where it belongs")]
    public void A_datagram_for_fragments_comes_out_with_its_ports_wherever_its_checksum_is_said_to_go(int start, int offset)
    {
        using var machine = new OffloadTap("tap1");
        host.Cache.AttachVif(TestNetwork.IndexOf("tap1"));
        new Shared.SharedDevices(host.Memory).AttachVif(1, TestNetwork.IndexOf("tap1"), isPeer: false);
        using var receiver = new OffloadSocket("vif2-far");
        machine.SendInFragments(Large(Datagram, IpProtocol.Udp, RandomTables.Locals[2]), Datagram.Length, start, offset, segmentSize: 256);
        var head = receiver.Receive();
        Assert.That(head[Ports], Is.EqualTo(Datagram[Ports]));
        Assert.That(head[Length], Is.Not.EqualTo(Datagram[Length]));
    }

    private static bool TrySendLarge(OffloadSocket sender, byte protocol, int start, int offset)
    {
        var frame = FrameOf(protocol);
        var isUdp = protocol == IpProtocol.Udp;
        var large = Large(frame, protocol, RandomTables.Locals[2]);
        try
        {
            sender.SendLarge(large, isUdp, frame.Length, offset, segmentSize: 256, start);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // The same with more behind it, which the datagram's length counts too.
    private static byte[] Large(byte[] frame, byte protocol, uint to)
    {
        var large = Frames.FromVif(1, RandomTables.Locals[1], to, protocol, [.. frame[Transport..], .. new byte[Crumbs]]);
        if (protocol == IpProtocol.Udp)
        {
            BinaryPrimitives.WriteUInt16BigEndian(large.AsSpan(Transport + 4), (ushort)(large.Length - Transport));
        }

        return large;
    }

    private long Sum(Func<Shared.CacheCounters, ulong> counter) =>
        host.Memory.CacheCounters.Span.ToArray().Sum(lane => (long)counter(lane));

    private const int Transport = EthernetHeader.Size + Ipv4Header.Size;

    // 128 datagrams of 8 octets.
    private const int Crumbs = 1_024;

    private static readonly Range Length = 16..18;
    private static readonly Range Ports = 34..38;

    private static byte[] FrameOf(byte protocol) =>
        protocol switch
        {
            IpProtocol.Udp => Datagram,
            IpProtocol.Tcp => Segment,
            _ => Echo,
        };

    private static byte[] TcpSegment()
    {
        var segment = new byte[TcpHeader.Size];
        segment[1] = 80;
        segment[3] = 22;
        segment[12] = 5 << 4;
        segment[TcpHeader.FlagsOffset] = (byte)TcpFlags.Syn;
        TcpHeader.WriteChecksum(segment, RandomTables.Locals[1], RandomTables.Locals[2]);
        return segment;
    }
}
