using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// IPv4 or IPv6 unicast with a label (RFC 8277 section 2.2):
/// <code>
/// | length in bits of all that follows (1) | label (20 bits) | traffic class (3) | S (1) | prefix |
/// </code>
/// One label: more need a capability (RFC 8277 section 2.1) that Fabric does not offer, and without it S is not looked at.
/// A withdrawal is sent with <see cref="LabelField.Withdrawn"/> and taken with any label (RFC 8277 section 2.4).
/// </summary>
public readonly record struct LabelledNlri(IpPrefix Prefix, MplsLabel Label) : INlri<LabelledNlri>
{
    private const int HeadBytes = 1 + LabelField.ByteCount;
    private const int HeadBits = 8 * LabelField.ByteCount;

    public static int Measure(ReadOnlySpan<byte> bytes, AddressFamily family)
    {
        int bits = bytes[0];
        var length = 1 + PrefixBits.Bytes(bits);
        return bits >= HeadBits && bits <= HeadBits + IpPrefix.MaxLength(PrefixBits.Kind(family)) && length <= bytes.Length ? length : -1;
    }

    public static LabelledNlri Read(ReadOnlySpan<byte> bytes, AddressFamily family) =>
        new(PrefixBits.Read(bytes[HeadBytes..], bytes[0] - HeadBits, PrefixBits.Kind(family)), LabelField.Label(bytes[1..]));

    public int ByteCount => HeadBytes + PrefixBits.Bytes(Prefix.Length);

    public void Write(Span<byte> destination, bool withdraw)
    {
        destination[0] = (byte)(HeadBits + Prefix.Length);
        LabelField.Write(destination[1..], withdraw ? LabelField.Withdrawn : LabelField.Of(Label));
        PrefixBits.Write(Prefix, destination[HeadBytes..]);
    }

    public override string ToString() => Prefix.ToString();
}
