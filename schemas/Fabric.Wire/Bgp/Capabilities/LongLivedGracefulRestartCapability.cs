using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>A family of the capability; <see cref="ForwardingPreserved"/> is the F bit, <see cref="StaleSeconds"/> the long-lived stale time (24 bits).</summary>
public readonly record struct LongLivedGracefulRestartFamily(AddressFamily Family, bool ForwardingPreserved, uint StaleSeconds);

/// <summary>
/// Long-lived graceful restart (RFC 9494 section 3.1), for each family:
/// <code>
/// | AFI (2) | SAFI (1) | F (1 bit), reserved (7 bits) | long-lived stale time in seconds (3) |
/// </code>
/// It counts only beside the graceful restart capability.
/// </summary>
public sealed record LongLivedGracefulRestartCapability(EquatableArray<LongLivedGracefulRestartFamily> Families) : Capability(CodeValue)
{
    public const byte CodeValue = 71;

    public const uint MaxStaleSeconds = 0xFF_FFFF;

    internal const int FamilyBytes = 7;

    private const byte ForwardingBit = 0x80;

    public override int ValueBytes => FamilyBytes * Families.Count;

    public override void WriteValue(Span<byte> destination)
    {
        var writer = new WireWriter(destination);
        foreach (var (family, forwarding, staleSeconds) in Families)
        {
            var seconds = Math.Min(staleSeconds, MaxStaleSeconds);
            writer.UInt16(family.Afi);
            writer.Byte(family.Safi);
            writer.Byte(forwarding ? ForwardingBit : (byte)0);
            writer.Byte((byte)(seconds >> 16));
            writer.UInt16((ushort)seconds);
        }
    }

    internal static LongLivedGracefulRestartCapability DecodeValue(ReadOnlySpan<byte> value)
    {
        var families = new LongLivedGracefulRestartFamily[value.Length / FamilyBytes];
        for (var i = 0; i < families.Length; i++)
        {
            var entry = value.Slice(FamilyBytes * i, FamilyBytes);
            families[i] = new(
                new AddressFamily(BinaryPrimitives.ReadUInt16BigEndian(entry), entry[2]),
                (entry[3] & ForwardingBit) != 0,
                (uint)entry[4] << 16 | BinaryPrimitives.ReadUInt16BigEndian(entry[5..])
            );
        }

        return new([.. families]);
    }
}
