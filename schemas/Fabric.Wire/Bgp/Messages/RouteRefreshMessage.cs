using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>What a ROUTE-REFRESH says (RFC 2918, RFC 7313 section 3.2).</summary>
public enum RouteRefreshSubtype : byte
{
    Request = 0,
    Begin = 1,
    End = 2,
}

/// <summary>
/// ROUTE-REFRESH (RFC 2918, RFC 7313):
/// <code>
/// | AFI (2) | subtype (1) | SAFI (1) |
/// </code>
/// What outbound route filtering may add behind it is not read; Fabric never offers that capability.
/// </summary>
public readonly record struct RouteRefreshMessage(AddressFamily Family, RouteRefreshSubtype Subtype)
{
    public const int TotalBytes = MessageFrame.HeaderBytes + BodyBytes;

    private const int BodyBytes = 4;

    /// <summary>Reads the body; false for one that is too short.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> body, out RouteRefreshMessage message)
    {
        if (body.Length < BodyBytes)
        {
            message = default;
            return false;
        }

        message = new(new AddressFamily(BinaryPrimitives.ReadUInt16BigEndian(body), body[3]), (RouteRefreshSubtype)body[2]);
        return true;
    }

    /// <summary>Writes the whole message and returns its length.</summary>
    public int Encode(Span<byte> destination)
    {
        MessageFrame.WriteHeader(destination, MessageType.RouteRefresh, TotalBytes);
        BinaryPrimitives.WriteUInt16BigEndian(destination[MessageFrame.HeaderBytes..], Family.Afi);
        destination[MessageFrame.HeaderBytes + 2] = (byte)Subtype;
        destination[MessageFrame.HeaderBytes + 3] = Family.Safi;
        return TotalBytes;
    }
}
