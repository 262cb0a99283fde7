using Fabric.Primitives;
using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Tests.Policies;

internal sealed class PatternTests
{
    // Values: RFC 1997 and IANA's registries; target 64512:100 is 00 02 fc00 00000064, 192.0.2.1:5 is 01 02 c0000201 0005 (RFC 4360).
    [TestCase("64512:100", 0xFC00_0064u, ExpectedResult = true)]
    [TestCase("64512:100", 0xFC00_0065u, ExpectedResult = false)]
    [TestCase("64512:*", 0xFC00_FFFFu, ExpectedResult = true)]
    [TestCase("64512:*", 0xFC01_0000u, ExpectedResult = false)]
    [TestCase("*:666", 0x0001_029Au, ExpectedResult = true)]
    [TestCase("no-export", 0xFFFF_FF01u, ExpectedResult = true)]
    [TestCase("no-advertise", 0xFFFF_FF02u, ExpectedResult = true)]
    [TestCase("no-export-subconfed", 0xFFFF_FF03u, ExpectedResult = true)]
    [TestCase("graceful-shutdown", 0xFFFF_0000u, ExpectedResult = true)]
    [TestCase("llgr-stale", 0xFFFF_0006u, ExpectedResult = true)]
    [TestCase("no-llgr", 0xFFFF_0007u, ExpectedResult = true)]
    [TestCase("target:*", 0xFC00_0064u, ExpectedResult = false)]
    public bool A_standard_community_fits(string pattern, uint community) => CommunityPattern.Parse(pattern).Fits(community);

    [TestCase("target:64512:100", 0x0002_FC00_0000_0064ul, ExpectedResult = true)]
    [TestCase("target:64512:*", 0x0002_FC00_1234_5678ul, ExpectedResult = true)]
    [TestCase("target:64512:*", 0x0003_FC00_0000_0064ul, ExpectedResult = false)]
    [TestCase("target:70000:*", 0x0202_0001_1170_0064ul, ExpectedResult = true)]
    [TestCase("target:192.0.2.1:5", 0x0102_C000_0201_0005ul, ExpectedResult = true)]
    [TestCase("target:192.0.2.1:*", 0x0102_C000_0201_0009ul, ExpectedResult = true)]
    [TestCase("target:192.0.2.1:*", 0x0102_C000_0202_0009ul, ExpectedResult = false)]
    [TestCase("target:*", 0x0202_0001_1170_0064ul, ExpectedResult = true)]
    [TestCase("target:*", 0x030C_0000_0000_0008ul, ExpectedResult = false)]
    [TestCase("origin:64512:7", 0x0003_FC00_0000_0007ul, ExpectedResult = true)]
    [TestCase("0x030c000000000008", 0x030C_0000_0000_0008ul, ExpectedResult = true)]
    public bool An_extended_community_fits(string pattern, ulong community) =>
        CommunityPattern.Parse(pattern).Fits(new ExtendedCommunity(community));

    [TestCase("4200000000:1:2", ExpectedResult = true)]
    [TestCase("4200000000:*:2", ExpectedResult = true)]
    [TestCase("*:*:*", ExpectedResult = true)]
    [TestCase("*:*:3", ExpectedResult = false)]
    [TestCase("4200000001:*:*", ExpectedResult = false)]
    public bool A_large_community_fits(string pattern) => CommunityPattern.Parse(pattern).Fits(new LargeCommunity(4_200_000_000, 1, 2));

    [TestCase("")]
    [TestCase("no-such")]
    [TestCase("65536:1")]
    [TestCase("1:65536")]
    [TestCase("-1:1")]
    [TestCase("1:2:3:4")]
    [TestCase("1:4294967296:3")]
    [TestCase("target:1")]
    [TestCase("target:*:5")]
    [TestCase("target:70000:65536")]
    [TestCase("0x1")]
    public void What_is_no_community_is_refused(string text) => Assert.That(CommunityPattern.TryParse(text, out _), Is.False);

    [TestCase("64512:100")]
    [TestCase("no-export")]
    [TestCase("target:64512:100")]
    [TestCase("1:2:3")]
    public void A_community_writes_as_it_reads(string text) => Assert.That(Community.Parse(text).ToString(), Is.EqualTo(text));

    [Test]
    public void A_community_has_no_wildcard() => Assert.That(Community.TryParse("64512:*", out _), Is.False);

    [TestCase("10.0.0.0/8", "10.0.0.0/8", ExpectedResult = true)]
    [TestCase("10.0.0.0/8", "10.0.0.0/9", ExpectedResult = false)]
    [TestCase("10.0.0.0/8 le 24", "10.0.0.0/8", ExpectedResult = true)]
    [TestCase("10.0.0.0/8 le 24", "10.1.2.0/24", ExpectedResult = true)]
    [TestCase("10.0.0.0/8 le 24", "10.1.2.0/25", ExpectedResult = false)]
    [TestCase("10.0.0.0/8 ge 16", "10.1.2.3/32", ExpectedResult = true)]
    [TestCase("10.0.0.0/8 ge 16", "10.0.0.0/15", ExpectedResult = false)]
    [TestCase("10.0.0.0/8 ge 16 le 24", "11.0.0.0/16", ExpectedResult = false)]
    [TestCase("0.0.0.0/0 le 32", "10.0.0.0/16", ExpectedResult = true)]
    [TestCase("0.0.0.0/0 le 32", "2001:db8::/32", ExpectedResult = false)]
    [TestCase("2001:db8::/32 ge 48", "2001:db8:1::/48", ExpectedResult = true)]
    public bool A_prefix_is_in_a_range(string range, string prefix) => PrefixRange.Parse(range).Contains(IpPrefix.Parse(prefix));

    [TestCase("10.0.0.0/8 ge 7")]
    [TestCase("10.0.0.0/8 ge 24 le 16")]
    [TestCase("10.0.0.0/8 le 33")]
    [TestCase("10.0.0.0/8 le")]
    [TestCase("10.0.0.0/8 le 9 le 10")]
    [TestCase("10.0.0.1/8")]
    public void What_is_no_range_is_refused(string text) => Assert.That(PrefixRange.TryParse(text, out _), Is.False);

    [TestCase("^65001_", "65001 65002", ExpectedResult = true)]
    [TestCase("^6500_", "65001 65002", ExpectedResult = false)]
    [TestCase("_65002$", "65001 65002", ExpectedResult = true)]
    [TestCase("_65003_", "65001 {65003,65004}", ExpectedResult = true)]
    [TestCase("_5001_", "65001 65002", ExpectedResult = false)]
    [TestCase("^$", "", ExpectedResult = true)]
    [TestCase("^$", "65001", ExpectedResult = false)]
    [TestCase("^65001( 65001)*$", "65001 65001 65001", ExpectedResult = true)]
    public bool A_path_fits(string pattern, string path) =>
        new CompiledPolicy([Policy.Rejecting(new PolicyMatch { AsPaths = [AsPathPattern.Parse(pattern)] })], Fixture.LocalAs, default)
            .Evaluate(new PathAttributes { AsPath = Policy.Path(path) }, Policy.Source, default)
            .IsAccepted == false;

    // RFC 5065, in the words of other speakers.
    [TestCase("_65001_", ExpectedResult = true)]
    [TestCase("^\\(65001 65002\\) \\[65003,65004\\] 65005$", ExpectedResult = true)]
    [TestCase("_65004_65005$", ExpectedResult = false)]
    [TestCase("_65004_ 65005$", ExpectedResult = true)]
    [TestCase("{", ExpectedResult = false)]
    public bool A_path_of_a_confederation_fits(string pattern)
    {
        var path = new AsPath([
            new(AsPathSegmentType.ConfederationSequence, [new(65001), new(65002)]),
            new(AsPathSegmentType.ConfederationSet, [new(65003), new(65004)]),
            new(AsPathSegmentType.Sequence, [new(65005)]),
        ]);
        Assert.That(path.ToString(), Is.EqualTo("(65001 65002) [65003,65004] 65005"));
        return new CompiledPolicy(
                [Policy.Rejecting(new PolicyMatch { AsPaths = [AsPathPattern.Parse(pattern)] })],
                Fixture.LocalAs,
                default
            )
                .Evaluate(new PathAttributes { AsPath = path }, Policy.Source, default)
                .IsAccepted == false;
    }

    [TestCase("")]
    [TestCase("(")]
    [TestCase("(6)\\1")]
    [TestCase("(?=6)")]
    [TestCase("((6{1000}){1000}){1000}")]
    public void What_is_no_linear_expression_is_refused(string text) => Assert.That(AsPathPattern.TryCreate(text, out _), Is.False);
}
