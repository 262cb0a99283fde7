using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Packets;

/// <summary>
/// An entry of an MPLS label stack (RFC 3032 section 2.1).
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------------------------------+-----+-+---------------+
/// |                 label                 | EXP |S|      TTL      |
/// +---------------------------------------+-----+-+---------------+
/// </code>
/// </summary>
public readonly record struct MplsLabelEntry(MplsLabel Label, byte TrafficClass, bool IsBottomOfStack, byte TimeToLive)
{
    public const int Size = 4;

    public static bool TryRead(ReadOnlySpan<byte> bytes, out MplsLabelEntry entry)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(bytes, out var word))
        {
            entry = default;
            return false;
        }

        entry = new MplsLabelEntry(new MplsLabel(word >> 12), (byte)(word >> 9 & 7), (word & 0x100) != 0, (byte)word);
        return true;
    }

    public void Write(Span<byte> bytes) =>
        BinaryPrimitives.WriteUInt32BigEndian(
            bytes,
            Label.Value << 12 | (uint)(TrafficClass & 7) << 9 | (IsBottomOfStack ? 0x100u : 0) | TimeToLive
        );
}
