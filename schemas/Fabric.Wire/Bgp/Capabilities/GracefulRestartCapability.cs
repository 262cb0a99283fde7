using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>A family of the capability; <see cref="ForwardingPreserved"/> is the F bit: packets kept flowing over the restart.</summary>
public readonly record struct GracefulRestartFamily(AddressFamily Family, bool ForwardingPreserved);

/// <summary>
/// Graceful restart (RFC 4724 section 3, RFC 8538 section 2):
/// <code>
/// | R (1 bit) | N (1 bit) | reserved (2 bits) | restart time in seconds (12 bits) |
/// then for each family:
/// | AFI (2) | SAFI (1) | F (1 bit), reserved (7 bits) |
/// </code>
/// R: the speaker has restarted. N: a NOTIFICATION other than a hard reset keeps routes too.
/// </summary>
public sealed record GracefulRestartCapability(
    bool Restarted,
    bool NotificationSupport,
    ushort RestartSeconds,
    EquatableArray<GracefulRestartFamily> Families
) : Capability(CodeValue)
{
    public const byte CodeValue = 64;

    public const ushort MaxRestartSeconds = 0xFFF;

    private const ushort RestartedBit = 0x8000;
    private const ushort NotificationBit = 0x4000;
    private const byte ForwardingBit = 0x80;

    public override int ValueBytes => 2 + 4 * Families.Count;

    public override void WriteValue(Span<byte> destination)
    {
        var flags = (Restarted ? RestartedBit : 0) | (NotificationSupport ? NotificationBit : 0);
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(flags | Math.Min(RestartSeconds, MaxRestartSeconds)));
        var position = 2;
        foreach (var (family, forwarding) in Families)
        {
            BinaryPrimitives.WriteUInt16BigEndian(destination[position..], family.Afi);
            destination[position + 2] = family.Safi;
            destination[position + 3] = forwarding ? ForwardingBit : (byte)0;
            position += 4;
        }
    }

    internal static GracefulRestartCapability DecodeValue(ReadOnlySpan<byte> value)
    {
        var head = BinaryPrimitives.ReadUInt16BigEndian(value);
        var families = new GracefulRestartFamily[(value.Length - 2) / 4];
        for (var i = 0; i < families.Length; i++)
        {
            var entry = value[(2 + 4 * i)..];
            families[i] = new(new AddressFamily(BinaryPrimitives.ReadUInt16BigEndian(entry), entry[2]), (entry[3] & ForwardingBit) != 0);
        }

        return new((head & RestartedBit) != 0, (head & NotificationBit) != 0, (ushort)(head & MaxRestartSeconds), [.. families]);
    }
}
