using System.Buffers.Binary;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Bgp;

/// <summary>How many prefixes of a family a peer may advertise; from <see cref="WarningPercent"/> of it on there is a warning.</summary>
public sealed record PrefixLimit(AddressFamily Family, uint MaxPrefixes, byte WarningPercent = 75)
{
    internal bool IsNear(uint prefixes) => prefixes * 100UL >= MaxPrefixes * (ulong)WarningPercent;

    /// <summary>RFC 4486 section 4: <code>| AFI (2) | SAFI (1) | limit (4) |</code></summary>
    internal NotificationMessage Exceeded()
    {
        Span<byte> data = stackalloc byte[7];
        BinaryPrimitives.WriteUInt16BigEndian(data, Family.Afi);
        data[2] = Family.Safi;
        BinaryPrimitives.WriteUInt32BigEndian(data[3..], MaxPrefixes);
        return new(NotificationCode.Cease, (byte)CeaseSubcode.MaximumPrefixesReached, [.. data]);
    }
}
