using System.Buffers.Binary;
using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>Takes frames for virtual interfaces.</summary>
public delegate void FrameSink(uint vif, ReadOnlySpan<byte> frame, in PacketOffload offload);

/// <summary>
/// Joins TCP segments for a VM that follow each other into one large segment with its offloads, so that the VM's stack works once for
/// many of them; what the kernel calls generic receive offload. Only what <see cref="Segmenter"/> would cut into the very same segments is
/// joined: equal headers, identification and sequence number counting up, valid checksums, PSH at the end at most.
/// </summary>
/// <param name="sink">Takes the frames, joined or as they came; those of a connection in their order.</param>
public sealed class SegmentCoalescer(FrameSink sink)
{
    private const int Trains = 8;
    private const int MaxPacket = ushort.MaxValue;
    private const int Ip = EthernetHeader.Size;
    private const int Tcp = Ip + Ipv4Header.Size;
    private const int MinimumHeaders = Tcp + TcpHeader.Size;
    private const int AddressesOffset = Ip + 12;
    private const int ConnectionLength = 12;
    private const int IdentificationOffset = Ip + 4;
    private const int WindowOffset = Tcp + 14;
    private const int UrgentOffset = Tcp + 18;

    private sealed class Train
    {
        public readonly byte[] Frame = GC.AllocateUninitializedArray<byte>(Ip + MaxPacket);
        public uint Vif;
        public int Length;
        public int HeaderLength;
        public int SegmentSize;
        public int Segments;

        public bool IsOf(uint vif, ReadOnlySpan<byte> frame) =>
            Segments > 0
            && Vif == vif
            && Frame.AsSpan(AddressesOffset, ConnectionLength).SequenceEqual(frame.Slice(AddressesOffset, ConnectionLength));
    }

    private readonly Train[] trains = [.. Enumerable.Range(0, Trains).Select(static _ => new Train())];
    private int oldest;
    private int open;

    /// <summary>Takes a frame; it is valid during the call only.</summary>
    public void Add(uint vif, ReadOnlySpan<byte> frame, in PacketOffload offload)
    {
        if (!TryReadSegment(frame, offload, out var headerLength))
        {
            FlushConnection(vif, frame);
            sink(vif, frame, offload);
            return;
        }

        if (Find(vif, frame) is { } train)
        {
            if (TryAppend(train, frame, headerLength))
            {
                return;
            }

            Send(train);
        }

        Begin(vif, frame, headerLength);
    }

    /// <summary>Passes on what waits; called when no more frames are at hand.</summary>
    public void Flush()
    {
        for (var i = 0; open > 0; i++)
        {
            Send(trains[(oldest + i) % Trains]);
        }
    }

    private void Begin(uint vif, ReadOnlySpan<byte> frame, int headerLength)
    {
        if (IsLast(frame))
        {
            sink(vif, frame, PacketOffload.None);
            return;
        }

        var train = trains[oldest];
        oldest = (oldest + 1) % Trains;
        Send(train);
        frame.CopyTo(train.Frame);
        train.Vif = vif;
        train.Length = frame.Length;
        train.HeaderLength = headerLength;
        train.SegmentSize = frame.Length - headerLength;
        train.Segments = 1;
        open++;
    }

    private bool TryAppend(Train train, ReadOnlySpan<byte> frame, int headerLength)
    {
        var payload = frame.Length - headerLength;
        if (payload > train.SegmentSize || train.Length + payload > Ip + MaxPacket || !Follows(train, frame, headerLength))
        {
            return false;
        }

        frame[headerLength..].CopyTo(train.Frame.AsSpan(train.Length));
        train.Length += payload;
        train.Segments++;
        var isLast = IsLast(frame);
        if (isLast)
        {
            train.Frame[Tcp + TcpHeader.FlagsOffset] |= (byte)TcpFlags.Push;
        }

        if (isLast || payload < train.SegmentSize)
        {
            Send(train);
        }

        return true;
    }

    // What a cut would leave equal is equal, and what it counts up has counted up.
    private static bool Follows(Train train, ReadOnlySpan<byte> frame, int headerLength)
    {
        var first = train.Frame.AsSpan(0, train.HeaderLength);
        var sent = (uint)(train.Length - train.HeaderLength);
        return headerLength == train.HeaderLength
            && frame[..(Ip + 2)].SequenceEqual(first[..(Ip + 2)])
            && Word(frame, IdentificationOffset) == (ushort)(Word(first, IdentificationOffset) + train.Segments)
            && frame[(Ip + 6)..(Ip + 10)].SequenceEqual(first[(Ip + 6)..(Ip + 10)])
            && Double(frame, Tcp + TcpHeader.SequenceOffset) == Double(first, Tcp + TcpHeader.SequenceOffset) + sent
            && Double(frame, Tcp + 8) == Double(first, Tcp + 8)
            && frame[Tcp + 12] == first[Tcp + 12]
            && Word(frame, WindowOffset) == Word(first, WindowOffset)
            && frame[UrgentOffset..headerLength].SequenceEqual(first[UrgentOffset..]);
    }

    private void FlushConnection(uint vif, ReadOnlySpan<byte> frame)
    {
        if (frame.Length >= AddressesOffset + ConnectionLength && Find(vif, frame) is { } train)
        {
            Send(train);
        }
    }

    private Train? Find(uint vif, ReadOnlySpan<byte> frame)
    {
        if (open == 0)
        {
            return null;
        }

        foreach (var train in trains)
        {
            if (train.IsOf(vif, frame))
            {
                return train;
            }
        }

        return null;
    }

    private void Send(Train train)
    {
        if (train.Segments == 0)
        {
            return;
        }

        var frame = train.Frame.AsSpan(0, train.Length);
        var offload = train.Segments == 1 ? PacketOffload.None : Join(frame, train);
        train.Segments = 0;
        open--;
        sink(train.Vif, frame, offload);
    }

    private static PacketOffload Join(Span<byte> frame, Train train)
    {
        var packet = frame[Ip..];
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        Ipv4Header.WriteChecksum(packet[..Ipv4Header.Size]);
        // The receiver of the frame adds the rest: the field has the sum of the pseudo-header (virtio 1.2 section 5.1.6.2).
        var pseudoHeader = InternetChecksum.PseudoHeader(
            Double(frame, AddressesOffset),
            Double(frame, AddressesOffset + 4),
            IpProtocol.Tcp,
            frame.Length - Tcp
        );
        BinaryPrimitives.WriteUInt16BigEndian(frame[(Tcp + TcpHeader.ChecksumOffset)..], (ushort)~InternetChecksum.Finish(pseudoHeader));
        return new PacketOffload(
            OffloadFlags.NeedsChecksum | OffloadFlags.TcpSegmentation,
            Tcp,
            TcpHeader.ChecksumOffset,
            (ushort)train.SegmentSize,
            (ushort)train.HeaderLength
        );
    }

    private static bool TryReadSegment(ReadOnlySpan<byte> frame, in PacketOffload offload, out int headerLength)
    {
        headerLength = 0;
        if (offload != PacketOffload.None || frame.Length <= MinimumHeaders || Word(frame, Ip - 2) != EtherType.Ipv4 || frame[Ip] != 0x45)
        {
            return false;
        }

        var segment = frame[Tcp..];
        if (
            !Ipv4Header.TryRead(frame[Ip..], out var ipv4)
            || ipv4.Protocol != IpProtocol.Tcp
            || ipv4.IsFragment
            || ipv4.TotalLength != frame.Length - Ip
            || !TcpHeader.TryRead(segment, out var tcp)
            || (tcp.Flags & ~TcpFlags.Push) != TcpFlags.Acknowledgment
            || tcp.HeaderLength == segment.Length
        )
        {
            return false;
        }

        headerLength = Tcp + tcp.HeaderLength;
        return InternetChecksum.IsValid(
            segment,
            InternetChecksum.PseudoHeader(ipv4.Source, ipv4.Destination, IpProtocol.Tcp, segment.Length)
        );
    }

    private static bool IsLast(ReadOnlySpan<byte> frame) => ((TcpFlags)frame[Tcp + TcpHeader.FlagsOffset] & TcpFlags.Push) != TcpFlags.None;

    private static ushort Word(ReadOnlySpan<byte> frame, int offset) => BinaryPrimitives.ReadUInt16BigEndian(frame[offset..]);

    private static uint Double(ReadOnlySpan<byte> frame, int offset) => BinaryPrimitives.ReadUInt32BigEndian(frame[offset..]);
}
