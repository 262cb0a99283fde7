using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>The shortened prefixes of RFC 4271 section 4.3: as many octets as the length in bits needs.</summary>
internal static class PrefixBits
{
    public static int Bytes(int bits) => (bits + 7) / 8;

    public static AddressKind Kind(AddressFamily family) => family.Afi == 2 ? AddressKind.Ipv6 : AddressKind.Ipv4;

    // A method with a buffer on its stack copies its parameters first, and waits for the copies: those of IPv4, most of all, have none.
    public static IpPrefix Read(ReadOnlySpan<byte> octets, int bits, AddressKind kind) =>
        kind != AddressKind.Ipv4
            ? ReadIpv6(octets, bits)
            // Four octets at once where they are there, since most VPN routes are host routes.
            : new IpPrefix(IpAddress.FromIpv4(octets.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(octets) : Partial(octets)), bits);

    public static void Write(in IpPrefix prefix, Span<byte> destination)
    {
        if (prefix is { Kind: AddressKind.Ipv4, Length: > 24 })
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, prefix.Address.Ipv4);
        }
        else
        {
            WriteShortened(prefix, destination);
        }
    }

    private static IpPrefix ReadIpv6(ReadOnlySpan<byte> octets, int bits)
    {
        Span<byte> whole = stackalloc byte[16];
        whole.Clear();
        octets[..Bytes(bits)].CopyTo(whole);
        return new IpPrefix(IpAddress.Read(whole), bits);
    }

    private static void WriteShortened(in IpPrefix prefix, Span<byte> destination)
    {
        Span<byte> whole = stackalloc byte[16];
        prefix.Address.Write(whole);
        whole[..Bytes(prefix.Length)].CopyTo(destination);
    }

    private static uint Partial(ReadOnlySpan<byte> octets)
    {
        uint value = 0;
        for (var i = 0; i < octets.Length; i++)
        {
            value |= (uint)octets[i] << (24 - 8 * i);
        }

        return value;
    }
}
