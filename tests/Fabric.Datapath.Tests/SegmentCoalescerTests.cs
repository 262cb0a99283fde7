using System.Buffers.Binary;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Tests;

/// <summary>Golden.LargeSegment (by scapy) is cut and joined again; that the cut is right, OffloadTests hold.</summary>
public sealed class SegmentCoalescerTests
{
    private static readonly PacketOffload Offload = new(OffloadFlags.NeedsChecksum | OffloadFlags.TcpSegmentation, 34, 16, 100, 54);

    private readonly List<(uint Vif, byte[] Frame, PacketOffload Offload)> sent = [];
    private SegmentCoalescer coalescer = null!;

    [SetUp]
    public void Begin()
    {
        sent.Clear();
        coalescer = new SegmentCoalescer(
            (uint vif, ReadOnlySpan<byte> frame, in PacketOffload offload) => sent.Add((vif, frame.ToArray(), offload))
        );
    }

    [Test]
    public void Segments_that_follow_each_other_become_the_one_that_they_were_cut_from()
    {
        Add(Segments());
        coalescer.Flush();
        Assert.That(sent, Has.Count.EqualTo(1));
        Assert.That((sent[0].Vif, sent[0].Offload), Is.EqualTo((1u, Offload)));
        // The checksum is left to the receiver: the field has the pseudo-header's, 0a01+000b + 0a01+0015 + 0006 + 010e.
        Assert.That(sent[0].Frame, Is.EqualTo((byte[])[.. Golden.LargeSegment[..50], 0x15, 0x36, .. Golden.LargeSegment[52..]]));
    }

    [Test]
    public void A_push_ends_the_segment_at_once()
    {
        Add(Segments());
        Assert.That(sent, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_segment_that_nothing_follows_goes_as_it_came()
    {
        Add(Segments()[0]);
        Assert.That(sent, Is.Empty);
        coalescer.Flush();
        Assert.That(sent.Single().Frame, Is.EqualTo(Segments()[0]));
    }

    [Test]
    public void A_segment_with_a_gap_before_it_begins_anew()
    {
        Add(Segments()[0], Segments()[2]);
        coalescer.Flush();
        Assert.That(sent.Select(frame => frame.Frame), Is.EqualTo(new[] { Segments()[0], Segments()[2] }));
    }

    [TestCase(15, TestName = "{m}(type of service)")]
    [TestCase(18, TestName = "{m}(identification)")]
    [TestCase(22, TestName = "{m}(time to live)")]
    [TestCase(45, TestName = "{m}(acknowledgment number)")]
    [TestCase(49, TestName = "{m}(window)")]
    [TestCase(53, TestName = "{m}(urgent pointer)")]
    public void Segments_whose_headers_differ_stay_apart(int offset)
    {
        var other = Segments()[1];
        other[offset] ^= 1;
        Mend(other);
        Add(Segments()[0], other);
        coalescer.Flush();
        Assert.That(sent.Select(frame => frame.Frame), Is.EqualTo(new[] { Segments()[0], other }));
    }

    [Test]
    public void A_damaged_segment_stays_damaged()
    {
        var damaged = Segments()[1];
        damaged[^1] ^= 1;
        Add(Segments()[0], damaged, Segments()[2]);
        coalescer.Flush();
        Assert.That(sent.Select(frame => frame.Frame), Is.EqualTo(new[] { Segments()[0], damaged, Segments()[2] }));
    }

    [Test]
    public void Two_connections_do_not_mix()
    {
        var others = Segments();
        foreach (var segment in others)
        {
            segment[35] ^= 1;
            Mend(segment);
        }

        Add(Segments()[0], others[0], Segments()[1], others[1], Segments()[2], others[2]);
        coalescer.Flush();
        Assert.That(sent.Select(frame => frame.Frame.Length), Is.All.EqualTo(Golden.LargeSegment.Length));
        Assert.That(sent.Select(frame => frame.Frame[35]).Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public void The_same_connection_of_another_interface_is_another_one()
    {
        coalescer.Add(1, Segments()[0], PacketOffload.None);
        coalescer.Add(2, Segments()[1], PacketOffload.None);
        coalescer.Flush();
        Assert.That(sent.Select(frame => frame.Vif), Is.EqualTo(new[] { 1u, 2u }));
    }

    [Test]
    public void Other_packets_of_a_connection_do_not_overtake_its_segments()
    {
        var acknowledgment = Segments()[0][..54];
        acknowledgment[17] = 40;
        Mend(acknowledgment);
        Add(Segments()[0], acknowledgment);
        Assert.That(sent.Select(frame => frame.Frame), Is.EqualTo(new[] { Segments()[0], acknowledgment }));
    }

    [Test]
    public void What_is_joined_never_outgrows_an_ipv4_packet()
    {
        var segments = Cut(Large(ushort.MaxValue - 54), 1000);
        var more = Cut(Large(4000), 1000);
        for (var i = 0; i < more.Count; i++)
        {
            // They go on where the first ones end.
            BinaryPrimitives.WriteUInt32BigEndian(
                more[i].AsSpan(38),
                BinaryPrimitives.ReadUInt32BigEndian(segments[^1].AsSpan(38)) + (uint)(segments[^1].Length - 54) + ((uint)i * 1000)
            );
            BinaryPrimitives.WriteUInt16BigEndian(more[i].AsSpan(18), (ushort)(segments.Count + i));
            Mend(more[i]);
        }

        Add([.. segments, .. more]);
        coalescer.Flush();
        Assert.That(sent.Sum(frame => frame.Frame.Length - 54), Is.EqualTo(segments.Concat(more).Sum(frame => frame.Length - 54)));
        Assert.That(sent.Max(frame => frame.Frame.Length), Is.AtMost(14 + ushort.MaxValue));
    }

    private void Add(params IReadOnlyList<byte[]> frames)
    {
        foreach (var frame in frames)
        {
            coalescer.Add(1, frame, PacketOffload.None);
        }
    }

    private static List<byte[]> Segments() => Cut(Golden.LargeSegment, 100);

    private static List<byte[]> Cut(byte[] large, ushort size)
    {
        Assert.That(PacketParser.Parse(large.AsSpan(14), out var facts), Is.EqualTo(DropReason.None));
        Assert.That(Segmenter.TryCreate(large.AsSpan(14), facts, Offload with { SegmentSize = size }, out var segmenter), Is.True);
        var frames = new List<byte[]>();
        var packet = new byte[ushort.MaxValue];
        for (var length = segmenter.Next(packet); length > 0; length = segmenter.Next(packet))
        {
            frames.Add([.. large[..14], .. packet[..length]]);
        }

        return frames;
    }

    // The headers of the golden segment before another payload, without PSH.
    private static byte[] Large(int payload)
    {
        byte[] frame = [.. Golden.LargeSegment[..54], .. new byte[payload]];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(16), (ushort)(frame.Length - 14));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(18), 0);
        frame[47] &= (byte)~TcpFlags.Push;
        Ipv4Header.WriteChecksum(frame.AsSpan(14, 20));
        return frame;
    }

    private static void Mend(byte[] frame)
    {
        Ipv4Header.WriteChecksum(frame.AsSpan(14, 20));
        TcpHeader.WriteChecksum(
            frame.AsSpan(34),
            BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(26)),
            BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(30))
        );
    }
}
