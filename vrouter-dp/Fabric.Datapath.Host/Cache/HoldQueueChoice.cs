using System.Buffers.Binary;
using Fabric.Datapath.Shared;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Host.Cache;

/// <summary>Which hold queue a packet that came up waits in: of who sent it, or, from the underlay, of whom it is for.</summary>
internal static class HoldQueueChoice
{
    private const ulong Underlay = 1ul << 40;

    // Four queues.
    private const int BitsOfQueue = 2;
    private const int AddressSize = sizeof(uint);
    private const int SourceOffset = 12;
    private const int ProtocolOffset = 9;
    private const int LengthOfGre = Ipv4Header.Size + GreHeader.Size + MplsLabelEntry.Size;
    private const int LengthOfUdp = Ipv4Header.Size + UdpHeader.Size + MplsLabelEntry.Size;

    /// <summary>Of a frame from a virtual interface: the interface.</summary>
    public static ulong OfDevice(uint device) => device;

    /// <summary>
    /// Of a packet of the underlay: the interface that it is for, by its label, and of the few queues for that the one that its sender falls to (its
    /// host with the address inside). So who sends much to a machine delays some of the others that send to it, and who makes up senders no machine but
    /// those that he floods. What leads to no interface has queues of its own; so has what is read wrong, behind optional headers.
    /// </summary>
    /// <param name="packet">From its outer header on.</param>
    /// <param name="labels">The interfaces that labels lead to, plus one.</param>
    public static ulong OfOuter(ReadOnlySpan<byte> packet, SharedRegion<uint> labels)
    {
        if (packet.Length < Ipv4Header.Size)
        {
            return Underlay;
        }

        var inner = packet[ProtocolOffset] == (byte)IpProtocol.Udp ? LengthOfUdp : LengthOfGre;
        var source = inner + SourceOffset;
        if (packet.Length < source + AddressSize)
        {
            return Underlay;
        }

        MplsLabelEntry.TryRead(packet[(inner - MplsLabelEntry.Size)..], out var entry);
        var vif = labels.Has(entry.Label.Value) ? labels[(int)entry.Label.Value] : 0;
        return Underlay | ((ulong)vif << BitsOfQueue) | QueueOf(AddressAt(packet, SourceOffset), AddressAt(packet, source));
    }

    private static uint AddressAt(ReadOnlySpan<byte> packet, int offset) => BinaryPrimitives.ReadUInt32BigEndian(packet[offset..]);

    private static ulong QueueOf(uint host, uint source) => (((ulong)host << 32) | source) * 0x9E37_79B9_7F4A_7C15 >> (64 - BitsOfQueue);
}
