using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>The shortened prefixes of RFC 4271 section 4.3: as many octets as the length in bits needs.</summary>
internal static class PrefixBits
{
    public static int Bytes(int bits) => (bits + 7) / 8;

    public static AddressKind Kind(AddressFamily family) => family.Afi == 2 ? AddressKind.Ipv6 : AddressKind.Ipv4;

    public static IpPrefix Read(ReadOnlySpan<byte> octets, int bits, AddressKind kind)
    {
        if (kind == AddressKind.Ipv4)
        {
            // Four octets at once where they are there, since most VPN routes are host routes.
            var value = octets.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(octets) : Partial(octets);
            return new IpPrefix(IpAddress.FromIpv4(value), bits);
        }

        Span<byte> whole = stackalloc byte[16];
        whole.Clear();
        octets[..Bytes(bits)].CopyTo(whole);
        return new IpPrefix(IpAddress.Read(whole), bits);
    }

    public static void Write(IpPrefix prefix, Span<byte> destination)
    {
        if (prefix is { Kind: AddressKind.Ipv4, Length: > 24 })
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, prefix.Address.Ipv4);
            return;
        }

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
