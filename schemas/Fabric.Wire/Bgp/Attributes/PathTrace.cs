using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>Where a route has been, read from a set's stored bytes (<see cref="StoredAttributes"/>): what loops are found by.</summary>
public readonly ref struct PathTrace
{
    private readonly ReadOnlySpan<byte> _asPath;
    private readonly ReadOnlySpan<byte> _originator;
    private readonly ReadOnlySpan<byte> _clusters;

    public PathTrace(ReadOnlySpan<byte> stored)
    {
        var reader = new AttributeReader(StoredAttributes.AttributesOf(stored));
        while (reader.Read() && reader.Type <= AttributeType.ClusterList)
        {
            switch (reader.Type)
            {
                case AttributeType.AsPath:
                    _asPath = reader.Value;
                    break;
                case AttributeType.OriginatorId:
                    _originator = reader.Value;
                    break;
                case AttributeType.ClusterList:
                    _clusters = reader.Value;
                    break;
            }
        }
    }

    /// <summary>Whether AS_PATH names the AS, in whichever kind of segment.</summary>
    public bool HasPassed(AsNumber asNumber)
    {
        for (var rest = _asPath; !rest.IsEmpty; rest = rest[(2 + rest[1] * sizeof(uint))..])
        {
            if (HasNumber(rest.Slice(2, rest[1] * sizeof(uint)), asNumber.Value))
            {
                return true;
            }
        }

        return false;
    }

    public bool HasPassed(uint clusterId) => HasNumber(_clusters, clusterId);

    public bool IsOriginatedBy(BgpIdentifier router) => HasNumber(_originator, router.Value);

    private static bool HasNumber(ReadOnlySpan<byte> numbers, uint number)
    {
        for (; !numbers.IsEmpty; numbers = numbers[sizeof(uint)..])
        {
            if (BinaryPrimitives.ReadUInt32BigEndian(numbers) == number)
            {
                return true;
            }
        }

        return false;
    }
}
