using System.Buffers;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Tests.Bgp;

/// <summary>RFC 7911, laid out by hand after the diagrams of its section 3.</summary>
public sealed class AddPathTests
{
    private const string Attributes = "40010100 400200 400304c0000201";
    private const string TwoPaths = "00000007 08 0a 00000009 08 0a";

    private static readonly UpdateContext Context = Decoded.Internal with { AddPathFamilies = [AddressFamily.Ipv4Unicast] };

    [Test]
    public void Paths_of_a_prefix_are_told_apart_by_their_identifiers()
    {
        var view = new UpdateDecoder(new AttributeInterner(), Context).Decode(
            GoldenMessages.Bytes("0006 00000005 08 0b 000e" + Attributes + TwoPaths)
        );
        var paths = new List<string>();
        foreach (var block in view)
        {
            var reader = block.Prefixes;
            while (reader.MoveNext())
            {
                paths.Add($"{(block.IsWithdrawal ? "-" : "+")} {reader.Current} {reader.PathId}");
            }
        }

        Assert.That(paths, Is.EqualTo(new[] { "- 11.0.0.0/8 5", "+ 10.0.0.0/8 7", "+ 10.0.0.0/8 9" }));
    }

    [Test]
    public void An_identifier_is_written_before_each_prefix()
    {
        var output = new ArrayBufferWriter<byte>();
        var prefix = new PrefixNlri(IpPrefix.Parse("10.0.0.0/8"));
        PathNlri<PrefixNlri>[] routes = [new(7, prefix), new(9, prefix)];
        var attributes = new PathAttributes { NextHop = IpAddress.Parse("192.0.2.1") };

        UpdatePacker.Advertise<PathNlri<PrefixNlri>>(AddressFamily.Ipv4Unicast, attributes, routes, new(true, false), output);

        Assert.That(output.WrittenSpan[19..].ToArray(), Is.EqualTo(GoldenMessages.Bytes("0000 000e" + Attributes + TwoPaths)));
    }

    [Test]
    public void A_prefix_without_its_identifier_is_malformed()
    {
        var whole = GoldenMessages.Bytes("0000 000e" + Attributes + TwoPaths);
        for (var cut = 1; cut < 6; cut++)
        {
            Assert.That(Decoded.Of(whole.AsSpan(0, whole.Length - cut), Context).Fault?.Fault, Is.EqualTo(AttributeFault.ResetSession));
        }
    }
}
