using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Tests.Bgp;

/// <summary>The Tunnel Encapsulation attribute (RFC 9012).</summary>
public sealed class TunnelTests
{
    // VXLAN to the next hop, MPLS in UDP to 10.7.9.9, and a type that nobody has, with a sub-TLV of two octets of length (section 2).
    private const string ToNextHop = "0008 0008 0606 00000000 0000";
    private const string ToAddress = "000d 000c 060a 00000000 0001 0a070909";
    private const string OfUnknownType = "fffe 000d 0606 00000000 0000 80 0002 aabb";

    // What section 13 wants to be ignored and taken out: no endpoint, two, and those that are malformed by section 3.1.
    [TestCase("0008 0004 0102 aabb", TestName = "No endpoint")]
    [TestCase("0008 0010 0606 00000000 0000 0606 00000000 0000", TestName = "Two endpoints")]
    [TestCase("0008 0006 0604 0a070909", TestName = "An endpoint that is only an address")]
    [TestCase("0008 000c 060a 00000000 0000 0a070909", TestName = "An address in family 0")]
    [TestCase("0008 0008 0606 00000000 0001", TestName = "No address in family 1")]
    [TestCase("0008 000c 060a 00000000 0002 0a070909", TestName = "An IPv4 address in family 2")]
    [TestCase("0008 000c 060a 00000000 0001 7f000001", TestName = "Loopback")]
    [TestCase("0008 000c 060a 00000000 0001 a9fe0101", TestName = "An address of the link")]
    [TestCase("0008 000c 060a 00000000 0001 f0000001", TestName = "Reserved for future use")]
    [TestCase("0008 0018 0616 00000000 0002 fe800000000000000000000000000009", TestName = "An IPv6 address of the link")]
    [TestCase("0008 0018 0616 00000000 0002 00000000000000000000ffff0a070909", TestName = "A mapped address")]
    [TestCase("fffe 0000", TestName = "A type that nobody has, without an endpoint")]
    public void A_tunnel_without_one_right_endpoint_is_taken_out_and_the_others_stay(string wrong)
    {
        var decoded = Decoded.Of(Update(ToNextHop + wrong + OfUnknownType));

        Assert.That(decoded.Fault?.Fault, Is.EqualTo(AttributeFault.Discard));
        Assert.That(decoded.Reachable, Is.EqualTo(["10.0.0.0/8"]));
        Assert.That(decoded.Attributes!.TunnelEncapsulation, Is.EqualTo(GoldenMessages.Bytes(ToNextHop + OfUnknownType)));
    }

    [Test]
    public void What_is_right_is_passed_on_as_it_came()
    {
        // Reserved octets that are not zero go on unchanged (section 3.1), as does a family that nobody knows here.
        const string All =
            ToAddress
            + OfUnknownType
            + "0008 0008 0606 000000ff 0000"
            + "0008 0009 0607 00000000 0019 aa"
            + "0002 000c 060a 00000000 0001 c6120009";

        var decoded = Decoded.Of(Update(All));

        Assert.That(decoded.Fault, Is.Null);
        Assert.That(decoded.Attributes!.TunnelEncapsulation, Is.EqualTo(GoldenMessages.Bytes(All)));
    }

    // IANA's tunnel types; a tunnel that ends elsewhere is not one of the next hop, which is 10.7.9.9.
    [TestCase(ToNextHop, TunnelEncapsulations.Vxlan)]
    [TestCase(ToAddress, TunnelEncapsulations.MplsOverUdp)]
    [TestCase(ToAddress + ToNextHop, TunnelEncapsulations.MplsOverUdp | TunnelEncapsulations.Vxlan)]
    [TestCase("0002 0008 0606 00000000 0000", TunnelEncapsulations.MplsOverGre)]
    [TestCase("000b 0008 0606 00000000 0000", TunnelEncapsulations.MplsOverGre)]
    [TestCase("000d 000c 060a 00000000 0001 0a070908", TunnelEncapsulations.None)]
    [TestCase("000d 0009 0607 00000000 0019 aa", TunnelEncapsulations.None)]
    [TestCase(OfUnknownType, TunnelEncapsulations.None)]
    public void The_next_hop_accepts_the_tunnels_that_end_there(string attribute, TunnelEncapsulations expected)
    {
        var attributes = new PathAttributes
        {
            NextHop = IpAddress.Parse("10.7.9.9"),
            TunnelEncapsulation = [.. GoldenMessages.Bytes(attribute)],
        };

        Assert.That(attributes.Encapsulations, Is.EqualTo(expected));
        Assert.That(
            attributes.WithExtendedCommunities([ExtendedCommunity.Encapsulation(2)]).Encapsulations,
            Is.EqualTo(expected | TunnelEncapsulations.MplsOverGre),
            "with a community beside it"
        );
    }

    /// <summary>10.0.0.0/8 with this attribute, which has two octets of length.</summary>
    private static byte[] Update(string attribute)
    {
        var value = GoldenMessages.Bytes(attribute);
        byte[] attributes = [.. GoldenMessages.Bytes("400101 00 400200 400304 c0000201 d017"), 0, (byte)value.Length, .. value];
        return [0, 0, 0, (byte)attributes.Length, .. attributes, 8, 10];
    }
}
