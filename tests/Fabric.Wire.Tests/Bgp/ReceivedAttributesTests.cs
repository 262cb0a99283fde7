using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Tests.Bgp;

/// <summary>UPDATEs that announce 10.0.0.0/8 with ORIGIN, AS_PATH, NEXT_HOP 192.0.2.7 and more.</summary>
internal sealed class ReceivedAttributesTests
{
    private const string Mandatory = "40010100" + "40020602010000FC01" + "400304C0000207";
    private const string StoredMandatory = "04C0000207" + "40010100" + "40020602010000FC01";

    private readonly UpdateDecoder _decoder = new(new AttributeInterner(), Decoded.Internal);
    private string _stored = "";
    private long _version;
    private PathAttributes? _value;

    [TestCase("", "", TestName = "No more than the mandatory ones")]
    [TestCase(
        "40050400000064" + "C00808FC000001FC000002",
        "40050400000064" + "C00808FC000001FC000002",
        TestName = "Already as they are kept"
    )]
    [TestCase("C00808FC000002FC000001", "C00808FC000001FC000002", TestName = "Communities out of order")]
    [TestCase("C00808FC000001FC000001", "C00804FC000001", TestName = "A community twice")]
    [TestCase("40050400000064" + "80040400000007", "80040400000007" + "40050400000064", TestName = "Attributes out of order")]
    [TestCase("D0080004FC000001", "C00804FC000001", TestName = "A length of two octets for a short value")]
    [TestCase("E00804FC000001", "E00804FC000001", TestName = "Marked as partial, which stays (RFC 4271 section 5)")]
    public void Equal_attributes_are_kept_as_equal_bytes(string more, string kept)
    {
        Receive(Mandatory + more);

        Assert.That(_stored, Is.EqualTo(StoredMandatory + kept));
        Assert.That(StoredAttributes.Write(_value!), Is.EqualTo(Convert.FromHexString(_stored)));
    }

    [Test]
    public void A_message_with_the_same_attributes_is_the_same_version_and_one_with_others_is_not()
    {
        Receive(Mandatory);
        var first = _version;
        Receive(Mandatory);
        Assert.That(_version, Is.EqualTo(first));

        Receive(Mandatory + "40050400000064");
        Assert.That(_version, Is.Not.EqualTo(first));
        Assert.That(_value!.LocalPref, Is.EqualTo(100u));
    }

    [Test]
    public void Attributes_that_had_to_be_decoded_do_not_show_in_the_next_message()
    {
        Receive(Mandatory + "C00808FC000002FC000001");
        Receive(Mandatory);

        Assert.That(_stored, Is.EqualTo(StoredMandatory));
        Assert.That(_value!.Communities, Is.Empty);
        Assert.That(_value.NextHop, Is.EqualTo(IpAddress.Parse("192.0.2.7")));
    }

    private void Receive(string attributes)
    {
        var body = Convert.FromHexString($"0000{attributes.Length / 2:X4}{attributes}080A");
        foreach (var block in _decoder.Decode(body))
        {
            _stored = Convert.ToHexString(block.Received!.Stored);
            _version = block.Received.Version;
            _value = block.Received.Value;
        }
    }
}
