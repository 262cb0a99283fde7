using System.Buffers.Binary;

namespace Fabric.Bench.Load;

/// <summary>The path attributes of one UPDATE that the tool checks, read in one pass without allocating.</summary>
internal ref struct AttributeSet
{
    private const byte ExtendedLength = 0x10;
    private const int VpnReachHead = 17;
    private const int VpnUnreachHead = 3;

    /// <summary>VPNv4 NLRI of MP_REACH_NLRI and MP_UNREACH_NLRI; empty where there are none.</summary>
    public ReadOnlySpan<byte> Reached;
    public ReadOnlySpan<byte> Withdrawn;
    public uint NextHop;
    public uint Med;
    public uint LocalPreference;
    public uint Community;
    public uint Originator;
    public ulong RouteTarget;
    public int ClusterListLength;
    public int AsPathLength;
    public byte Origin;

    /// <summary>False where a length exceeds what is there, or a family is not VPNv4.</summary>
    public static bool TryRead(ReadOnlySpan<byte> attributes, out AttributeSet set)
    {
        set = default;
        while (attributes.Length >= 3)
        {
            var isExtended = (attributes[0] & ExtendedLength) != 0;
            var head = isExtended ? 4 : 3;
            if (attributes.Length < head)
            {
                return false;
            }

            var length = isExtended ? BinaryPrimitives.ReadUInt16BigEndian(attributes[2..]) : attributes[2];
            if (attributes.Length - head < length || !set.TryReadOne(attributes[1], attributes.Slice(head, length)))
            {
                return false;
            }

            attributes = attributes[(head + length)..];
        }

        return attributes.IsEmpty;
    }

    private bool TryReadOne(byte type, ReadOnlySpan<byte> value)
    {
        switch (type)
        {
            case 1 when value.Length == 1:
                Origin = value[0];
                return true;
            case 2:
                AsPathLength = value.Length;
                return true;
            case 4 when value.Length == 4:
                Med = BinaryPrimitives.ReadUInt32BigEndian(value);
                return true;
            case 5 when value.Length == 4:
                LocalPreference = BinaryPrimitives.ReadUInt32BigEndian(value);
                return true;
            case 8 when value.Length == 4:
                Community = BinaryPrimitives.ReadUInt32BigEndian(value);
                return true;
            case 9 when value.Length == 4:
                Originator = BinaryPrimitives.ReadUInt32BigEndian(value);
                return true;
            case 10:
                ClusterListLength = value.Length;
                return true;
            case 14:
                return TryReadReach(value);
            case 15 when value.Length >= VpnUnreachHead && IsVpnv4(value):
                Withdrawn = value[VpnUnreachHead..];
                return Withdrawn.Length % UpdateEncoder.NlriLength == 0;
            case 16 when value.Length == 8:
                RouteTarget = BinaryPrimitives.ReadUInt64BigEndian(value);
                return true;
            default:
                return type is not (1 or 4 or 5 or 8 or 9 or 15 or 16);
        }
    }

    // Family(3), length of the next hop(1), next hop with a route distinguisher of zero(12), reserved(1).
    private bool TryReadReach(ReadOnlySpan<byte> value)
    {
        if (value.Length < VpnReachHead || !IsVpnv4(value) || value[3] != 12)
        {
            return false;
        }

        NextHop = BinaryPrimitives.ReadUInt32BigEndian(value[12..]);
        Reached = value[VpnReachHead..];
        return true;
    }

    private static bool IsVpnv4(ReadOnlySpan<byte> family) => family[0] == 0 && family[1] == 1 && family[2] == 128;
}
