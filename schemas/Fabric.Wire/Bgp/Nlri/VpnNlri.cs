using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// VPN-IPv4 or VPN-IPv6 (RFC 4364 section 4.3.4, RFC 4659, RFC 8277 section 2.2):
/// <code>
/// | length in bits of all that follows (1) | label (20 bits) | traffic class (3) | S (1) | route distinguisher (8) | prefix |
/// </code>
/// One label: more need a capability (RFC 8277 section 2.1) that Fabric does not offer, and without it S is not looked at.
/// A withdrawal is sent with <see cref="LabelField.Withdrawn"/> and taken with any label (RFC 8277 section 2.4).
/// </summary>
public readonly record struct VpnNlri(RouteDistinguisher Rd, IpPrefix Prefix, MplsLabel Label) : INlri<VpnNlri>
{
    private const int HeadBytes = 1 + LabelField.ByteCount + RouteDistinguisher.ByteCount;
    private const int HeadBits = 8 * (HeadBytes - 1);

    public static int Measure(ReadOnlySpan<byte> bytes, AddressFamily family)
    {
        int bits = bytes[0];
        var length = 1 + PrefixBits.Bytes(bits);
        return bits >= HeadBits && bits <= HeadBits + IpPrefix.MaxLength(PrefixBits.Kind(family)) && length <= bytes.Length ? length : -1;
    }

    public static VpnNlri Read(ReadOnlySpan<byte> bytes, AddressFamily family) =>
        new(
            RouteDistinguisher.Read(bytes[(1 + LabelField.ByteCount)..]),
            PrefixBits.Read(bytes[HeadBytes..], bytes[0] - HeadBits, PrefixBits.Kind(family)),
            LabelField.Label(bytes[1..])
        );

    public int ByteCount => HeadBytes + PrefixBits.Bytes(Prefix.Length);

    public void Write(Span<byte> destination, bool withdraw)
    {
        destination[0] = (byte)(HeadBits + Prefix.Length);
        LabelField.Write(destination[1..], withdraw ? LabelField.Withdrawn : LabelField.Of(Label));
        Rd.Write(destination[(1 + LabelField.ByteCount)..]);
        PrefixBits.Write(Prefix, destination[HeadBytes..]);
    }

    public override string ToString() => $"{Rd}:{Prefix}";
}
