using System.Buffers;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Mrt;

/// <summary>
/// Collects a route's paths for one record of a table dump (RFC 6396 sections 4.3.2 to 4.3.4); used again and again.
/// <code>
/// IPv4, IPv6 unicast   | sequence (4) | prefix | count (2) | entries |
/// RIB_GENERIC          | sequence (4) | AFI (2) | SAFI (1) | NLRI | count (2) | entries |
/// entry                | peer's place (2) | seconds (4) | length (2) | attributes |
/// </code>
/// A path identifier (RFC 7911) makes it a record of another subtype: it stands in the entry behind the seconds (RFC 8050 section 4.1). Section 4.2 would
/// have it before the NLRI of RIB_GENERIC; but GoBGP and OpenBGPD, which are all that write and read that, have it in the entry there too, and what they
/// read is worth more than what nobody does.
/// Of MP_REACH_NLRI an entry has only length and next hop; AS numbers have four octets.
/// </summary>
public sealed class MrtRoute
{
    private const ushort Ipv4UnicastSubtype = 2;
    private const ushort Ipv6UnicastSubtype = 4;
    private const ushort GenericSubtype = 6;

    // RFC 8050 section 6: in the same order as the subtypes without path identifiers.
    private const ushort AddPathSubtypes = 6;
    private const int EntryHeadBytes = 8;
    private const int PathIdBytes = sizeof(uint);
    private const int FamilyBytes = 3;
    private const int MaxNextHopBytes = 32;

    private readonly ArrayBufferWriter<byte> _entries = new();

    public int Count { get; private set; }

    /// <summary>Adds a path.</summary>
    /// <param name="peer">The place of its source in the peer index table.</param>
    /// <param name="originated">When it came.</param>
    /// <param name="family">The route's.</param>
    /// <param name="pathId">The path's identifier; 0: none.</param>
    /// <param name="stored">Its attributes in the form of <see cref="StoredAttributes"/>.</param>
    /// <returns>False: they are longer than an entry can hold, and nothing was added.</returns>
    public bool TryAdd(ushort peer, DateTimeOffset originated, AddressFamily family, uint pathId, ReadOnlySpan<byte> stored)
    {
        Span<byte> nextHop = stackalloc byte[MaxNextHopBytes];
        nextHop = nextHop[..WriteNextHop(nextHop, family, StoredAttributes.NextHop(stored))];
        var attributes = StoredAttributes.AttributesOf(stored);
        var length = nextHop.Length + attributes.Length;
        if (length > ushort.MaxValue)
        {
            return false;
        }

        var writer = new WireWriter(_entries.GetSpan(EntryHeadBytes + PathIdBytes + length));
        writer.UInt16(peer);
        writer.UInt32((uint)originated.ToUnixTimeSeconds());
        if (pathId != 0)
        {
            writer.UInt32(pathId);
        }

        writer.UInt16((ushort)length);
        writer.Bytes(nextHop);
        writer.Bytes(attributes);
        _entries.Advance(writer.Position);
        Count++;
        return true;
    }

    /// <summary>Writes the record and forgets the paths.</summary>
    /// <param name="time">Of the dump.</param>
    /// <param name="sequence">Counts the records of a dump from zero on.</param>
    /// <param name="family">The route's.</param>
    /// <param name="hasPathIds">Whether the paths were added with identifiers.</param>
    /// <param name="nlri">As in an UPDATE without path identifiers.</param>
    /// <param name="output">Takes the record.</param>
    public void Write(
        DateTimeOffset time,
        uint sequence,
        AddressFamily family,
        bool hasPathIds,
        ReadOnlySpan<byte> nlri,
        IBufferWriter<byte> output
    )
    {
        var subtype = SubtypeOf(family);
        var isGeneric = subtype == GenericSubtype;
        var bytes = sizeof(uint) + (isGeneric ? FamilyBytes : 0) + nlri.Length + sizeof(ushort) + _entries.WrittenCount;
        var writer = MrtWriter.Begin(time, MrtWriter.TableDumpV2, hasPathIds ? WithPathId(subtype) : subtype, bytes, output);
        writer.UInt32(sequence);
        if (isGeneric)
        {
            writer.UInt16(family.Afi);
            writer.Byte(family.Safi);
        }

        writer.Bytes(nlri);
        writer.UInt16((ushort)Count);
        writer.Bytes(_entries.WrittenSpan);
        output.Advance(writer.Position);
        _entries.ResetWrittenCount();
        Count = 0;
    }

    private static ushort SubtypeOf(AddressFamily family) =>
        family == AddressFamily.Ipv4Unicast ? Ipv4UnicastSubtype
        : family == AddressFamily.Ipv6Unicast ? Ipv6UnicastSubtype
        : GenericSubtype;

    // RFC 8050 section 6: 8, 10 and 12.
    private static ushort WithPathId(ushort subtype) => (ushort)(subtype + AddPathSubtypes);

    private static int WriteNextHop(Span<byte> destination, AddressFamily family, IpAddress nextHop)
    {
        var isClassic = family == AddressFamily.Ipv4Unicast && nextHop.IsIpv4;
        var rdBytes = !isClassic && MpNlri.IsVpn(family) ? RouteDistinguisher.ByteCount : 0;
        var isMapped = family.Afi == 2 && nextHop.IsIpv4;
        var address = isMapped ? IpAddress.FromIpv6(0xFFFF_0000_0000UL | nextHop.Ipv4) : nextHop;
        var valueBytes = (isClassic ? 0 : 1 + rdBytes) + address.ByteCount;
        var writer = new WireWriter(destination);
        writer.Byte((byte)(isClassic ? AttributeFlags.Transitive : AttributeFlags.Optional));
        writer.Byte((byte)(isClassic ? AttributeType.NextHop : AttributeType.MpReachNlri));
        writer.Byte((byte)valueBytes);
        if (!isClassic)
        {
            writer.Byte((byte)(valueBytes - 1));
            writer.Reserve(rdBytes).Clear();
        }

        writer.Address(address);
        return writer.Position;
    }
}
