using System.Buffers.Binary;
using Fabric.Datapath.Kernel.Tests.Equality;
using Fabric.Model.Datapath;
using Fabric.Primitives;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Kernel.Tests.Flows;

/// <summary>Sessions that the programs set up, and begin anew, are reported like those of the pipeline.</summary>
[TestFixture]
internal sealed class RecordTests
{
    private const ushort Port = 80;
    private const int FrameLength = EthernetHeader.Size + Ipv4Header.Size + TcpHeader.Size;
    private static readonly uint Client = RandomTables.Locals[1];
    private static readonly uint Server = RandomTables.Locals[2];

    private KernelHost host = null!;

    // The programs' clock, which is the machine's.
    private static long Now => Environment.TickCount64;

    [SetUp]
    public void MakeHost()
    {
        host = new KernelHost();
        host.Apply(OneNetwork.Tables(RandomTables.Everything));
        host.Pipeline.Records.Configure(new RecordSettings { UpdateSeconds = 60 }, nowMilliseconds: 0);
    }

    [TearDown]
    public void RemoveHost() => host?.Dispose();

    [Test]
    public void A_connection_that_a_program_set_up_has_start_and_end_with_its_counts()
    {
        for (ushort source = 1; source <= 5; source++)
        {
            Send(source, TcpFlags.Syn, sequence: 7);
            Send(source, TcpFlags.Acknowledgment, sequence: 8);
        }

        Assert.That(host.Made, Is.EqualTo(3));
        var starts = Reports();
        Assert.That(
            starts.Select(r => (r.Event, r.InitiatorPort, r.InitiatorVif, r.ResponderVif, r.SentPackets)),
            Is.EqualTo(Enumerable.Range(1, 5).Select(source => (FlowReportEvent.Start, (ushort)source, 1u, 2u, 2ul)))
        );
        Assert.That(starts.Select(r => r.Rule), Has.All.EqualTo(starts[0].Rule).And.All.Not.Zero);

        var ends = Reports(after: 200_000);
        Assert.That(ends.Select(r => (r.Event, r.SentPackets, r.SentBytes)), Has.All.EqualTo((FlowReportEvent.End, 2ul, 80ul)));
        Assert.That(ends.Select(r => r.Session), Is.EquivalentTo(starts.Select(r => r.Session)));
    }

    // In place: so the ring of free slots does not show it.
    [Test]
    public void A_connection_begun_anew_on_the_same_ports_ends_the_session_before_it_and_each_packet_counts_once()
    {
        for (ushort source = 1; source <= 3; source++)
        {
            Send(source, TcpFlags.Syn, sequence: 7);
        }

        var first = Reports().Single(r => r.InitiatorPort == 3);
        for (var connection = 0; connection < 3; connection++)
        {
            AwaitTick();
            Send(3, TcpFlags.Reset, sequence: 8);
            Send(3, TcpFlags.Syn, sequence: 7);
        }

        Assert.That(host.Made, Is.EqualTo(4));
        var reports = Reports();
        Assert.That(
            reports.Select(r => (r.Event, r.Session == first.Session, r.Started == first.Started, r.SentPackets)),
            Is.EqualTo(new[] { (FlowReportEvent.End, true, true, 6ul), (FlowReportEvent.Start, false, false, 1ul) })
        );
        var end = Reports(after: 200_000).Single(r => r.InitiatorPort == 3);
        Assert.That((end.Event, end.Session, end.SentPackets), Is.EqualTo((FlowReportEvent.End, reports[1].Session, 1ul)));
    }

    [Test]
    public void One_begun_anew_before_it_was_looked_at_has_the_packets_of_those_before_it()
    {
        for (ushort source = 1; source <= 3; source++)
        {
            Send(source, TcpFlags.Syn, sequence: 7);
        }

        Send(3, TcpFlags.Reset, sequence: 8);
        Send(3, TcpFlags.Syn, sequence: 7);
        Assert.That(
            Reports().Where(r => r.InitiatorPort == 3).Select(r => (r.Event, r.SentPackets)),
            Is.EqualTo(new[] { (FlowReportEvent.Start, 3ul) })
        );
        Assert.That(Reports(after: 200_000).Single(r => r.InitiatorPort == 3).SentPackets, Is.EqualTo(3ul));
    }

    // The process may be killed before it has looked, and it may be gone when the ports are used again.
    [Test]
    public void One_begun_anew_while_nobody_looked_ends_the_session_before_it_after_a_restart()
    {
        for (ushort source = 1; source <= 3; source++)
        {
            Send(source, TcpFlags.Syn, sequence: 7);
        }

        var first = Reports().Single(r => r.InitiatorPort == 3);
        AwaitTick();
        Send(3, TcpFlags.Reset, sequence: 8);
        Send(3, TcpFlags.Syn, sequence: 7);
        Assert.That(host.Made, Is.EqualTo(2));

        var next = new PipelineHost(host.Memory);
        next.Apply(OneNetwork.Tables(RandomTables.Everything));
        next.Pipeline.Records.Configure(new RecordSettings { UpdateSeconds = 60 }, Now + 10);
        var ends = Reports(next.Pipeline, after: 200_000).Where(r => r.InitiatorPort == 3).ToList();
        Assert.That(
            ends.Select(r => (r.Event, r.Session == first.Session, r.SentPackets)),
            Is.EqualTo(new[] { (FlowReportEvent.End, true, 2ul), (FlowReportEvent.End, false, 1ul) })
        );
    }

    // What both directions have counted stands with the one that opened the session.
    [Test]
    public void One_that_the_other_side_begins_anew_ends_the_session_before_it()
    {
        for (ushort source = 1; source <= 3; source++)
        {
            Send(source, TcpFlags.Syn, sequence: 7);
            SendBack((ushort)(source + 10), 3, TcpFlags.Syn, sequence: 7);
        }

        var first = Reports().Single(r => r.Initiator == Client && r.InitiatorPort == 3);
        AwaitTick();
        Send(3, TcpFlags.Reset, sequence: 8);
        SendBack(Port, 3, TcpFlags.Syn, sequence: 7);
        Reports();
        var ends = Reports(after: 200_000).Where(r => (r.InitiatorPort, r.ResponderPort) is (3, Port) or (Port, 3)).ToList();
        Assert.That(ends.Sum(r => (long)(r.SentPackets + r.ReceivedPackets)), Is.EqualTo(1), "those of the last connection");
        Assert.That(ends.Select(r => r.Session), Does.Not.Contain(first.Session), "it ended before");
    }

    // A session is known by when it began, on the programs' clock, which goes in steps of some milliseconds.
    private static void AwaitTick()
    {
        var start = Now;
        SpinWait.SpinUntil(() => Now - start > 10);
    }

    private void Send(ushort source, TcpFlags flags, uint sequence) =>
        Assert.That(host.Take(new TestPacket(1, Frame(1, source, Port, flags, sequence)), Now), Has.Count.EqualTo(1));

    private void SendBack(ushort source, ushort port, TcpFlags flags, uint sequence) =>
        Assert.That(host.Take(new TestPacket(2, Frame(2, source, port, flags, sequence)), Now), Has.Count.EqualTo(1));

    private List<FlowReport> Reports(long after = 0) => Reports(host.Pipeline, after);

    private static List<FlowReport> Reports(Pipeline pipeline, long after)
    {
        pipeline.Age(Now + after);
        var buffer = pipeline.Records.Reports;
        List<FlowReport> reports = [.. buffer.Oldest];
        buffer.Remove(reports.Count);
        return reports;
    }

    private static byte[] Frame(uint vif, ushort source, ushort port, TcpFlags flags, uint sequence)
    {
        var (from, to) = vif == 1 ? (Client, Server) : (Server, Client);
        var frame = new byte[FrameLength];
        EthernetHeader.Write(frame, MacAddress.VirtualRouter, new MacAddress(0x0200_0000_0000UL + vif), EtherType.Ipv4);
        var packet = frame.AsSpan(EthernetHeader.Size);
        Ipv4Header.Write(packet, packet.Length, 7, Ipv4Header.DontFragment, 64, IpProtocol.Tcp, from, to);
        var tcp = packet[Ipv4Header.Size..];
        BinaryPrimitives.WriteUInt16BigEndian(tcp, source);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], port);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], sequence);
        tcp[12] = TcpHeader.Size / 4 << 4;
        tcp[13] = (byte)flags;
        TcpHeader.WriteChecksum(tcp, from, to);
        return frame;
    }
}
