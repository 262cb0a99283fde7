using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>Writes attribute sets in ascending order of type (RFC 4271 section 5), without MP_REACH_NLRI.</summary>
internal static class AttributeEncoder
{
    private const AttributeFlags WellKnown = AttributeFlags.Transitive;
    private const AttributeFlags OptionalTransitive = AttributeFlags.Optional | AttributeFlags.Transitive;

    public static byte[] Encode(PathAttributes set, bool fourOctetAs, bool withNextHop)
    {
        var bytes = new byte[UpperBound(set)];
        var writer = new WireWriter(bytes);
        Head(ref writer, WellKnown, AttributeType.Origin, 1);
        writer.Byte((byte)set.Origin);
        Head(ref writer, WellKnown, AttributeType.AsPath, AsPathCodec.ByteCount(set.AsPath, fourOctetAs));
        AsPathCodec.Write(ref writer, set.AsPath, fourOctetAs);
        if (withNextHop)
        {
            Head(ref writer, WellKnown, AttributeType.NextHop, set.NextHop.ByteCount);
            writer.Address(set.NextHop);
        }

        Number(ref writer, AttributeFlags.Optional, AttributeType.MultiExitDisc, set.MultiExitDisc);
        Number(ref writer, WellKnown, AttributeType.LocalPref, set.LocalPref);
        if (set.AtomicAggregate)
        {
            Head(ref writer, WellKnown, AttributeType.AtomicAggregate, 0);
        }

        if (set.Aggregator is { } aggregator)
        {
            WriteAggregator(ref writer, AttributeType.Aggregator, aggregator, fourOctetAs);
        }

        WriteLists(ref writer, set);
        WriteFourOctetNumbers(ref writer, set, fourOctetAs);
        if (set.PmsiTunnel is { } tunnel)
        {
            Head(ref writer, OptionalTransitive, AttributeType.PmsiTunnel, 5 + tunnel.Identifier.Count);
            writer.Byte(tunnel.Flags);
            writer.Byte(tunnel.TunnelType);
            LabelField.Write(writer.Reserve(LabelField.ByteCount), tunnel.LabelField);
            writer.Bytes(tunnel.Identifier.AsSpan());
        }

        Octets(ref writer, AttributeType.TunnelEncapsulation, set.TunnelEncapsulation);
        Octets(ref writer, AttributeType.Ipv6ExtendedCommunities, set.Ipv6ExtendedCommunities);
        WriteLarge(ref writer, set.LargeCommunities);
        Number(ref writer, OptionalTransitive, AttributeType.OnlyToCustomer, set.OnlyToCustomer?.Value);
        Octets(ref writer, AttributeType.PrefixSid, set.PrefixSid);
        foreach (var unknown in set.Unknown)
        {
            Head(ref writer, (AttributeFlags)unknown.Flags | AttributeFlags.Partial, (AttributeType)unknown.Type, unknown.Value.Count);
            writer.Bytes(unknown.Value.AsSpan());
        }

        var written = writer.Written.ToArray();
        MarkPartial(written, set.Partial);
        return written;
    }

    // RFC 4271 section 5: a bit that another AS has set is not set back to 0.
    private static void MarkPartial(Span<byte> written, EquatableArray<AttributeType> partial)
    {
        if (partial.IsEmpty)
        {
            return;
        }

        var reader = new AttributeReader(written);
        while (reader.Read())
        {
            if (partial.AsSpan().Contains(reader.Type))
            {
                written[reader.Start] |= (byte)AttributeFlags.Partial;
            }
        }
    }

    private static void WriteLists(ref WireWriter writer, PathAttributes set)
    {
        Numbers(ref writer, OptionalTransitive, AttributeType.Communities, set.Communities);
        Number(ref writer, AttributeFlags.Optional, AttributeType.OriginatorId, set.OriginatorId?.Value);
        Numbers(ref writer, AttributeFlags.Optional, AttributeType.ClusterList, set.ClusterList);
        if (!set.ExtendedCommunities.IsEmpty)
        {
            Head(ref writer, OptionalTransitive, AttributeType.ExtendedCommunities, 8 * set.ExtendedCommunities.Count);
            foreach (var community in set.ExtendedCommunities)
            {
                writer.UInt64(community.Value);
            }
        }
    }

    public static void WriteLocalPref(ref WireWriter writer, uint value) => Number(ref writer, WellKnown, AttributeType.LocalPref, value);

    /// <summary>The two attributes of a route reflector (RFC 4456 section 8).</summary>
    public static void WriteReflection(ref WireWriter writer, BgpIdentifier originator, uint clusterId, ReadOnlySpan<byte> clusters)
    {
        Head(ref writer, AttributeFlags.Optional, AttributeType.OriginatorId, 4);
        writer.UInt32(originator.Value);
        Head(ref writer, AttributeFlags.Optional, AttributeType.ClusterList, 4 + clusters.Length);
        writer.UInt32(clusterId);
        writer.Bytes(clusters);
    }

    private static void WriteLarge(ref WireWriter writer, EquatableArray<LargeCommunity> communities)
    {
        if (communities.IsEmpty)
        {
            return;
        }

        Head(ref writer, OptionalTransitive, AttributeType.LargeCommunities, 12 * communities.Count);
        foreach (var community in communities)
        {
            writer.UInt32(community.GlobalAdministrator);
            writer.UInt32(community.LocalData1);
            writer.UInt32(community.LocalData2);
        }
    }

    // Only for a speaker of two octets, and only when a number does not fit (RFC 6793 section 4.2.2); confederations stay inside theirs.
    private static void WriteFourOctetNumbers(ref WireWriter writer, PathAttributes set, bool fourOctetAs)
    {
        if (fourOctetAs)
        {
            return;
        }

        if (!AsPathCodec.FitsTwoOctets(set.AsPath))
        {
            var path = set.AsPath.WithoutConfederation();
            Head(ref writer, OptionalTransitive, AttributeType.As4Path, AsPathCodec.ByteCount(path, fourOctets: true));
            AsPathCodec.Write(ref writer, path, fourOctets: true);
        }

        if (set.Aggregator is { AsNumber.FitsTwoOctets: false } aggregator)
        {
            WriteAggregator(ref writer, AttributeType.As4Aggregator, aggregator, fourOctets: true);
        }
    }

    private static void WriteAggregator(ref WireWriter writer, AttributeType type, Aggregator aggregator, bool fourOctets)
    {
        Head(ref writer, OptionalTransitive, type, fourOctets ? 8 : 6);
        if (fourOctets)
        {
            writer.UInt32(aggregator.AsNumber.Value);
        }
        else
        {
            writer.UInt16(aggregator.AsNumber.FitsTwoOctets ? (ushort)aggregator.AsNumber.Value : AsNumber.Trans);
        }

        writer.Address(aggregator.Address);
    }

    private static void Number(ref WireWriter writer, AttributeFlags flags, AttributeType type, uint? value)
    {
        if (value is { } number)
        {
            Head(ref writer, flags, type, 4);
            writer.UInt32(number);
        }
    }

    private static void Numbers(ref WireWriter writer, AttributeFlags flags, AttributeType type, EquatableArray<uint> values)
    {
        if (values.IsEmpty)
        {
            return;
        }

        Head(ref writer, flags, type, 4 * values.Count);
        foreach (var value in values)
        {
            writer.UInt32(value);
        }
    }

    private static void Octets(ref WireWriter writer, AttributeType type, EquatableArray<byte> value)
    {
        if (!value.IsEmpty)
        {
            Head(ref writer, OptionalTransitive, type, value.Count);
            writer.Bytes(value.AsSpan());
        }
    }

    private static void Head(ref WireWriter writer, AttributeFlags flags, AttributeType type, int length)
    {
        var extended = length > byte.MaxValue;
        writer.Byte((byte)(extended ? flags | AttributeFlags.ExtendedLength : flags & ~AttributeFlags.ExtendedLength));
        writer.Byte((byte)type);
        if (extended)
        {
            writer.UInt16((ushort)length);
        }
        else
        {
            writer.Byte((byte)length);
        }
    }

    /// <summary>Fixed attributes with their heads take less than 100 bytes; a list's head takes four; AS numbers can be there twice.</summary>
    public static int UpperBound(PathAttributes set) =>
        160
        + 2 * AsPathCodec.ByteCount(set.AsPath, fourOctets: true)
        + 4 * (set.Communities.Count + set.ClusterList.Count)
        + 8 * set.ExtendedCommunities.Count
        + 12 * set.LargeCommunities.Count
        + (set.PmsiTunnel?.Identifier.Count ?? 0)
        + set.TunnelEncapsulation.Count
        + set.Ipv6ExtendedCommunities.Count
        + set.PrefixSid.Count
        + set.Unknown.Sum(u => 4 + u.Value.Count);
}
