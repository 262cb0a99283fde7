using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>Routes of the family may have next hops of another address family (AFI 2: IPv6).</summary>
public readonly record struct ExtendedNextHop(AddressFamily Family, ushort NextHopAfi);

/// <summary>
/// Extended next hop encoding (RFC 8950 section 4), for each pair:
/// <code>
/// | AFI (2) | SAFI (2) | AFI of the next hop (2) |
/// </code>
/// The SAFI has two octets here; pairs with one that no SAFI can have are left out.
/// </summary>
public sealed record ExtendedNextHopCapability(EquatableArray<ExtendedNextHop> NextHops) : Capability(CodeValue)
{
    public const byte CodeValue = 5;

    internal const int NextHopBytes = 6;

    public override int ValueBytes => NextHopBytes * NextHops.Count;

    public override void WriteValue(Span<byte> destination)
    {
        var writer = new WireWriter(destination);
        foreach (var (family, nextHopAfi) in NextHops)
        {
            writer.UInt16(family.Afi);
            writer.UInt16(family.Safi);
            writer.UInt16(nextHopAfi);
        }
    }

    internal static ExtendedNextHopCapability DecodeValue(ReadOnlySpan<byte> value)
    {
        var nextHops = new List<ExtendedNextHop>(value.Length / NextHopBytes);
        for (var rest = value; !rest.IsEmpty; rest = rest[NextHopBytes..])
        {
            var safi = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (safi <= byte.MaxValue)
            {
                var family = new AddressFamily(BinaryPrimitives.ReadUInt16BigEndian(rest), (byte)safi);
                nextHops.Add(new(family, BinaryPrimitives.ReadUInt16BigEndian(rest[4..])));
            }
        }

        return new([.. nextHops]);
    }
}
