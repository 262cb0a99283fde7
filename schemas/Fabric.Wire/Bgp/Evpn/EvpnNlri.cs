using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// An EVPN route (RFC 7432 section 7, RFC 9136), split into what identifies it and what it says:
/// <code>
/// | route type (1) | length (1) | value (length), by type |
/// </code>
/// A value of types 1 to 5 that does not have the form of its type is malformed. Another type is kept with its value: RFC 7606
/// section 5.4 leaves it to the table to pass it on or to discard it, by <see cref="EvpnKey.IsRecognized"/>.
/// </summary>
public readonly record struct EvpnNlri(EvpnKey Key, EvpnData Data) : INlri<EvpnNlri>
{
    private const int HeadBytes = 2;

    public EvpnRouteType RouteType => Key.Type;

    public RouteDistinguisher Rd => Key.Rd;

    public static int Measure(ReadOnlySpan<byte> bytes, AddressFamily family)
    {
        if (bytes.Length < HeadBytes || HeadBytes + bytes[1] > bytes.Length)
        {
            return -1;
        }

        return EvpnLayout.IsWellFormed((EvpnRouteType)bytes[0], bytes.Slice(HeadBytes, bytes[1])) ? HeadBytes + bytes[1] : -1;
    }

    public static EvpnNlri Read(ReadOnlySpan<byte> bytes, AddressFamily family) =>
        EvpnLayout.Read((EvpnRouteType)bytes[0], bytes[HeadBytes..]);

    public int ByteCount => HeadBytes + EvpnLayout.ByteCount(this);

    public void Write(Span<byte> destination, bool withdraw)
    {
        destination[0] = (byte)Key.Type;
        destination[1] = (byte)EvpnLayout.ByteCount(this);
        var writer = new WireWriter(destination[HeadBytes..]);
        EvpnLayout.Write(ref writer, this);
    }

    public override string ToString() => Key.ToString();
}
