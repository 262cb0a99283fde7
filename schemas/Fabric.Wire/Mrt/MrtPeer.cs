using Fabric.Primitives;

namespace Fabric.Wire.Mrt;

/// <summary>
/// An entry of the peer index table (RFC 6396 section 4.3.1); AS numbers are written with four octets:
/// <code>
/// | type: 1 IPv6, 2 four-octet AS (1) | BGP identifier (4) | address (4 or 16) | AS (4) |
/// </code>
/// </summary>
public readonly record struct MrtPeer(BgpIdentifier Identifier, IpAddress Address, AsNumber As)
{
    internal int ByteCount => 1 + sizeof(uint) + Address.ByteCount + sizeof(uint);
}
