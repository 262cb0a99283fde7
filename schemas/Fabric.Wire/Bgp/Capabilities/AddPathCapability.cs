using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>Which way several paths of a prefix go, as the sender of the capability sees it (RFC 7911 section 4).</summary>
[Flags]
public enum AddPathModes : byte
{
    None = 0,
    Receive = 1,
    Send = 2,
    Both = Receive | Send,
}

public readonly record struct AddPathFamily(AddressFamily Family, AddPathModes Modes);

/// <summary>
/// Advertisement of several paths (RFC 7911 section 4), for each family:
/// <code>
/// | AFI (2) | SAFI (1) | receive: 1, send: 2, both: 3 (1) |
/// </code>
/// </summary>
public sealed record AddPathCapability(EquatableArray<AddPathFamily> Families) : Capability(CodeValue)
{
    public const byte CodeValue = 69;

    private const int FamilyBytes = 4;

    public override int ValueBytes => FamilyBytes * Families.Count;

    public override void WriteValue(Span<byte> destination)
    {
        var writer = new WireWriter(destination);
        foreach (var (family, modes) in Families)
        {
            writer.UInt16(family.Afi);
            writer.Byte(family.Safi);
            writer.Byte((byte)modes);
        }
    }

    /// <summary>False: the value has another form, or modes that RFC 7911 section 4 has treated as not understood.</summary>
    internal static bool TryDecodeValue(ReadOnlySpan<byte> value, [NotNullWhen(true)] out AddPathCapability? capability)
    {
        capability = null;
        if (value.Length % FamilyBytes != 0)
        {
            return false;
        }

        var families = new AddPathFamily[value.Length / FamilyBytes];
        for (var i = 0; i < families.Length; i++)
        {
            var entry = value.Slice(FamilyBytes * i, FamilyBytes);
            var modes = (AddPathModes)entry[3];
            if (modes is AddPathModes.None or > AddPathModes.Both)
            {
                return false;
            }

            families[i] = new(new AddressFamily(BinaryPrimitives.ReadUInt16BigEndian(entry), entry[2]), modes);
        }

        capability = new([.. families]);
        return true;
    }
}
