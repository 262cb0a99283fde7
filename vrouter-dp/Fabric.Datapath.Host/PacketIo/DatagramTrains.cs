using Fabric.Wire.Packets;

namespace Fabric.Datapath.Host.PacketIo;

/// <summary>Takes a whole IPv4 packet for the underlay.</summary>
internal delegate void TunnelPacketSink(ReadOnlySpan<byte> packet);

/// <summary>Takes a train of datagrams for the underlay; false when it cannot.</summary>
/// <param name="train">As <see cref="DatagramTrain"/> has it.</param>
/// <param name="segmentSize">Payload bytes of each datagram but the last.</param>
internal delegate bool TrainSink(ReadOnlySpan<byte> train, int segmentSize);

/// <summary>
/// Joins packets of MPLS over UDP that follow each other in a flow (the same addresses and ports) into a <see cref="DatagramTrain"/>, so that
/// the kernel's stack and the underlay's device are gone through once for many of them. Packets of a flow keep their order.
/// </summary>
/// <param name="packets">Takes what stayed alone, is no UDP, or the datagrams of a train that the other refuses.</param>
/// <param name="trains">Takes trains.</param>
internal sealed class DatagramTrains(TunnelPacketSink packets, TrainSink trains)
{
    /// <summary>What kernels before 6.9 take at most.</summary>
    private const int MostDatagrams = 64;

    private const int Lanes = 16;
    private const int ProtocolOffset = 9;
    private const int FlowOffset = 12;
    private const int FlowLength = 12;
    private const int SourcePortLowByte = Ipv4Header.Size + 1;

    private readonly Lane[] _lanes = [.. Enumerable.Range(0, Lanes).Select(static _ => new Lane())];
    private int _open;

    private sealed class Lane
    {
        public readonly byte[] Bytes = GC.AllocateUninitializedArray<byte>(ushort.MaxValue);
        public int Length;
        public int SegmentSize;
        public int Datagrams;
    }

    /// <summary>Takes a packet; it is valid during the call only.</summary>
    public void Add(ReadOnlySpan<byte> packet)
    {
        if (packet[ProtocolOffset] != IpProtocol.Udp || packet.Length <= DatagramTrain.HeaderLength)
        {
            packets(packet);
            return;
        }

        var lane = _lanes[packet[SourcePortLowByte] % Lanes];
        if (lane.Datagrams > 0)
        {
            if (Follows(lane, packet))
            {
                Append(lane, packet[DatagramTrain.HeaderLength..]);
                return;
            }

            Send(lane);
        }

        packet.CopyTo(lane.Bytes);
        lane.Length = packet.Length;
        lane.SegmentSize = packet.Length - DatagramTrain.HeaderLength;
        lane.Datagrams = 1;
        _open++;
    }

    /// <summary>Passes on what waits; called at the end of a turn.</summary>
    public void Flush()
    {
        for (var i = 0; _open > 0; i++)
        {
            if (_lanes[i].Datagrams > 0)
            {
                Send(_lanes[i]);
            }
        }
    }

    private static bool Follows(Lane lane, ReadOnlySpan<byte> packet)
    {
        var payload = packet.Length - DatagramTrain.HeaderLength;
        return payload <= lane.SegmentSize
            && lane.Length + payload <= lane.Bytes.Length
            && packet.Slice(FlowOffset, FlowLength).SequenceEqual(lane.Bytes.AsSpan(FlowOffset, FlowLength));
    }

    private void Append(Lane lane, ReadOnlySpan<byte> payload)
    {
        payload.CopyTo(lane.Bytes.AsSpan(lane.Length));
        lane.Length += payload.Length;
        lane.Datagrams++;
        if (payload.Length < lane.SegmentSize || lane.Datagrams == MostDatagrams)
        {
            Send(lane);
        }
    }

    private void Send(Lane lane)
    {
        var datagrams = lane.Datagrams;
        lane.Datagrams = 0;
        _open--;
        var bytes = lane.Bytes.AsSpan(0, lane.Length);
        if (datagrams == 1)
        {
            packets(bytes);
        }
        else if (!trains(bytes, lane.SegmentSize))
        {
            SendApart(bytes, lane.SegmentSize);
        }
    }

    private void SendApart(Span<byte> bytes, int segmentSize)
    {
        var offload = new PacketOffload(OffloadFlags.UdpSegmentation, Ipv4Header.Size, UdpHeader.ChecksumOffset, (ushort)segmentSize, 0);
        if (DatagramTrain.TryOpen(new PacketBuffer(bytes, 0, bytes.Length), offload, out var train))
        {
            while (train.TryNext(out var datagram))
            {
                packets(datagram.Packet);
            }
        }
    }
}
