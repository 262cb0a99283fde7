using System.Buffers.Binary;
using System.Net;
using Fabric.Interop.Routes;

namespace Fabric.Interop.Speakers;

/// <summary>
/// What an injector reads of an UPDATE (RFC 4271 section 4.3): ipv4 by the prefixes' bytes in hexadecimal digits; of MP_REACH_NLRI and MP_UNREACH_NLRI
/// (RFC 4760) vpnv4 by name, such as <c>64512:2 10.2.0.0/24</c>, and memberships (RFC 4684) by their bytes. Other families it passes over.
/// </summary>
internal sealed class HeardUpdate
{
    private const int FamilyBytes = 3;
    private const int LabelBytes = 3;
    private const int DistinguisherBytes = 8;

    private HeardUpdate(byte[] body)
    {
        var withdrawnBytes = BinaryPrimitives.ReadUInt16BigEndian(body);
        Withdrawn.AddRange(Nlri(body.AsSpan(2, withdrawnBytes)).Select(prefix => (Family.Ipv4, Convert.ToHexStringLower(prefix))));
        var attributes = body.AsSpan(2 + withdrawnBytes);
        var attributeBytes = BinaryPrimitives.ReadUInt16BigEndian(attributes);
        Announced.AddRange(Nlri(attributes[(2 + attributeBytes)..]).Select(prefix => (Family.Ipv4, Convert.ToHexStringLower(prefix))));
        ReadAttributes(attributes.Slice(2, attributeBytes));
    }

    public List<(Family Family, string Name)> Withdrawn { get; } = [];

    public List<(Family Family, string Name)> Announced { get; } = [];

    /// <summary>Zero where there is none.</summary>
    public uint MultiExitDisc { get; private set; }

    public static HeardUpdate Of(byte[] body) => new(body);

    /// <summary>Flags, of which one is a length of two octets, type, length, value.</summary>
    private void ReadAttributes(ReadOnlySpan<byte> attributes)
    {
        while (!attributes.IsEmpty)
        {
            var isLong = (attributes[0] & 0x10) != 0;
            var (head, length) = isLong ? (4, BinaryPrimitives.ReadUInt16BigEndian(attributes[2..])) : (3, attributes[2]);
            var value = attributes.Slice(head, length);
            switch (attributes[1])
            {
                case 4:
                    MultiExitDisc = BinaryPrimitives.ReadUInt32BigEndian(value);
                    break;
                case 14:
                    // Behind the next hop and its length there is a reserved octet.
                    Announced.AddRange(Names(value, value[(FamilyBytes + 1 + value[FamilyBytes] + 1)..]));
                    break;
                case 15:
                    Withdrawn.AddRange(Names(value, value[FamilyBytes..]));
                    break;
            }

            attributes = attributes[(head + length)..];
        }
    }

    private static IEnumerable<(Family, string)> Names(ReadOnlySpan<byte> family, ReadOnlySpan<byte> nlri) =>
        Convert.ToHexString(family[..FamilyBytes]) switch
        {
            "000180" => Nlri(nlri).Select(route => (Family.Vpnv4, VpnName(route))),
            "000184" => Nlri(nlri).Select(membership => (Family.RouteTargets, Convert.ToHexStringLower(membership))),
            _ => [],
        };

    /// <summary>Each with its length in bits before it.</summary>
    private static List<byte[]> Nlri(ReadOnlySpan<byte> bytes)
    {
        var nlri = new List<byte[]>();
        while (!bytes.IsEmpty)
        {
            var length = 1 + (bytes[0] + 7) / 8;
            nlri.Add(bytes[..length].ToArray());
            bytes = bytes[length..];
        }

        return nlri;
    }

    /// <summary>Of a route with one label and a distinguisher of type 0 (RFC 4364 sections 4.2 and 4.3.4).</summary>
    private static string VpnName(ReadOnlySpan<byte> nlri)
    {
        const int NetworkAt = 1 + LabelBytes + DistinguisherBytes;
        var distinguisher = nlri.Slice(1 + LabelBytes, DistinguisherBytes);
        var (system, number) = (
            BinaryPrimitives.ReadUInt16BigEndian(distinguisher[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(distinguisher[4..])
        );
        Span<byte> address = stackalloc byte[4];
        address.Clear();
        nlri[NetworkAt..].CopyTo(address);
        return $"{system}:{number} {new IPAddress(address)}/{nlri[0] - 8 * (NetworkAt - 1)}";
    }
}
