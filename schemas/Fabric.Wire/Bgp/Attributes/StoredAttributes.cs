using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// An attribute set as bytes, for tables that hold many:
/// <code>
/// | next hop's length (1): 0, 4 or 16 | next hop | path attributes in ascending order of type, AS numbers of 4 octets |
/// </code>
/// Equal sets have equal bytes.
/// </summary>
public static class StoredAttributes
{
    /// <summary>LOCAL_PREF, ORIGINATOR_ID, one entry of CLUSTER_LIST, and its longer head.</summary>
    public const int ReflectionBytes = 7 + 7 + 8 + 1;

    /// <summary>No UPDATE has room for more (RFC 8654 section 4), and no attribute a length.</summary>
    public const int MaxBytes = ushort.MaxValue;

    private const int MaxHeadBytes = 17;
    private const uint DefaultLocalPref = 100;

    private static readonly UpdateContext Context = new(FourOctetAs: true, IsInternal: true, Families: []);

    public static byte[] Write(PathAttributes attributes)
    {
        var encoded = AttributeEncoder.Encode(attributes, fourOctetAs: true, withNextHop: false);
        var nextHopBytes = attributes.NextHop.IsNone ? 0 : attributes.NextHop.ByteCount;
        var stored = new byte[1 + nextHopBytes + encoded.Length];
        stored[0] = (byte)nextHopBytes;
        if (nextHopBytes > 0)
        {
            attributes.NextHop.Write(stored.AsSpan(1));
        }

        encoded.CopyTo(stored, 1 + nextHopBytes);
        return stored;
    }

    /// <summary>Whether the set has a form that can be read again.</summary>
    public static bool Fits(PathAttributes attributes) =>
        MaxHeadBytes + AttributeEncoder.UpperBound(attributes) <= MaxBytes || Write(attributes).Length <= MaxBytes;

    /// <summary>Reads what <see cref="Write"/> has made of a set that <see cref="Fits"/>, and nothing else.</summary>
    public static PathAttributes Read(ReadOnlySpan<byte> stored)
    {
        var nextHop = NextHopOf(stored);
        var block = AttributeBlock.Scan(AttributesOf(stored), out _);
        return new AttributeDecoder(Context).Decode(block, nextHop, isVpn: false, requireMandatory: false);
    }

    /// <summary>The extended communities (RFC 4360) as they stand, 8 bytes each; empty where there are none.</summary>
    public static ReadOnlySpan<byte> ExtendedCommunitiesOf(ReadOnlySpan<byte> stored) => CommunitiesOf(stored, out _);

    /// <summary>The extended communities and, for the price of one walk, the communities (RFC 1997), 4 bytes each.</summary>
    public static ReadOnlySpan<byte> CommunitiesOf(ReadOnlySpan<byte> stored, out ReadOnlySpan<byte> communities)
    {
        communities = default;
        var reader = new AttributeReader(AttributesOf(stored));
        while (reader.Read() && reader.Type <= AttributeType.ExtendedCommunities)
        {
            switch (reader.Type)
            {
                case AttributeType.Communities:
                    communities = reader.Value;
                    break;
                case AttributeType.ExtendedCommunities:
                    return reader.Value;
            }
        }

        return default;
    }

    /// <summary>The next hop; none where the set has none.</summary>
    public static IpAddress NextHop(ReadOnlySpan<byte> stored) => stored[0] == 0 ? default : IpAddress.Read(NextHopOf(stored));

    /// <summary>The path attributes as they go into an UPDATE for a speaker of four-octet AS numbers, without NEXT_HOP and MP_REACH_NLRI.</summary>
    public static ReadOnlySpan<byte> AttributesOf(ReadOnlySpan<byte> stored) => stored[(1 + stored[0])..];

    /// <summary>
    /// Writes the set as a route reflector passes it on (RFC 4456 section 8): with ORIGINATOR_ID, if it has none, and the cluster id before the
    /// others of CLUSTER_LIST; and with a LOCAL_PREF of 100, if it has none. Returns the length, at most <see cref="ReflectionBytes"/> more.
    /// </summary>
    public static int Reflect(ReadOnlySpan<byte> stored, BgpIdentifier originator, uint clusterId, Span<byte> destination)
    {
        var head = 1 + stored[0];
        var attributes = stored[head..];
        var (preference, before, after) = (0, 0, 0);
        var hasLocalPref = false;
        ReadOnlySpan<byte> clusters = default;
        var reader = new AttributeReader(attributes);
        while (reader.Read())
        {
            hasLocalPref |= reader.Type == AttributeType.LocalPref;
            if (reader.Type < AttributeType.LocalPref)
            {
                preference = reader.End;
            }

            if (reader.Type < AttributeType.OriginatorId)
            {
                before = reader.End;
            }

            if (reader.Type == AttributeType.OriginatorId)
            {
                originator = new BgpIdentifier(BinaryPrimitives.ReadUInt32BigEndian(reader.Value));
            }

            if (reader.Type == AttributeType.ClusterList)
            {
                clusters = reader.Value;
            }

            if (reader.Type > AttributeType.ClusterList)
            {
                break;
            }

            after = reader.End;
        }

        var writer = new WireWriter(destination);
        writer.Bytes(stored[..(head + preference)]);
        if (!hasLocalPref)
        {
            AttributeEncoder.WriteLocalPref(ref writer, DefaultLocalPref);
        }

        writer.Bytes(attributes[preference..before]);
        AttributeEncoder.WriteReflection(ref writer, originator, clusterId, clusters);
        writer.Bytes(attributes[after..]);
        return writer.Position;
    }

    private static ReadOnlySpan<byte> NextHopOf(ReadOnlySpan<byte> stored) => stored.Slice(1, stored[0]);
}
