using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// IPv4 or IPv6 unicast (RFC 4271 section 4.3, RFC 2545):
/// <code>
/// | length in bits (1) | prefix (as many octets as needed) |
/// </code>
/// </summary>
public readonly record struct PrefixNlri(IpPrefix Prefix) : INlri<PrefixNlri>
{
    public static int Measure(ReadOnlySpan<byte> bytes, AddressFamily family)
    {
        int bits = bytes[0];
        var length = 1 + PrefixBits.Bytes(bits);
        return bits <= IpPrefix.MaxLength(PrefixBits.Kind(family)) && length <= bytes.Length ? length : -1;
    }

    public static PrefixNlri Read(ReadOnlySpan<byte> bytes, AddressFamily family) =>
        new(PrefixBits.Read(bytes[1..], bytes[0], PrefixBits.Kind(family)));

    public int ByteCount => 1 + PrefixBits.Bytes(Prefix.Length);

    public void Write(Span<byte> destination, bool withdraw)
    {
        destination[0] = Prefix.Length;
        PrefixBits.Write(Prefix, destination[1..]);
    }

    public override string ToString() => Prefix.ToString();
}
