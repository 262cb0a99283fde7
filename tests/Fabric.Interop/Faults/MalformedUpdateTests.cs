using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;
using static Fabric.Interop.Faults.RightAttributes;

namespace Fabric.Interop.Faults;

/// <summary>What other makers' daemons hear of an UPDATE that is wrong (RFC 7606), and whether its session lives on.</summary>
public sealed class MalformedUpdateTests
{
    private const string MpReach = "800e0c000101040a07090100100a63";
    private const string Prefix = "10.99.0.0/16";
    private const string PrefixBytes = "100a63";

    private static readonly TestCaseData[] s_withdrawn =
    [
        Case("40010107" + AsPath + NextHop + LocalPref, "an ORIGIN of 7 (7.1)"),
        Case("4001020000" + AsPath + NextHop + LocalPref, "an ORIGIN of two octets (7.1)"),
        Case("c0010100" + AsPath + NextHop + LocalPref, "an ORIGIN with the optional bit (3 c)"),
        Case(AsPath + NextHop + LocalPref, "no ORIGIN (3 d)"),
        Case(Origin + NextHop + LocalPref, "no AS_PATH (3 d)"),
        Case(Origin + AsPath + LocalPref, "no NEXT_HOP (3 d)"),
        Case(Origin + "4002040203fde8" + NextHop + LocalPref, "an AS_PATH segment beyond its end (7.2)"),
        Case(Origin + "4002020200" + NextHop + LocalPref, "an AS_PATH segment without any number (7.2)"),
        Case(Origin + "4002040901fde8" + NextHop + LocalPref, "an AS_PATH segment of type 9 (7.2)"),
        Case(Origin + AsPath + "4003050a07090100" + LocalPref, "a NEXT_HOP of five octets (7.3)"),
        Case(Origin + AsPath + NextHop + "800403000032" + LocalPref, "a MED of three octets (7.4)"),
        Case(Origin + AsPath + NextHop + "400503000064", "a LOCAL_PREF of three octets (7.5)"),
        Case(Origin + AsPath + NextHop + LocalPref + "c00803fc0000", "COMMUNITIES of three octets (7.8)"),
        Case(Origin + AsPath + NextHop + LocalPref + "8009030a0709", "an ORIGINATOR_ID of three octets (7.9)"),
        Case(Origin + AsPath + NextHop + LocalPref + "800a030a0709", "a CLUSTER_LIST of three octets (7.10)"),
        Case(Origin + AsPath + NextHop + LocalPref + "c010070002fc00000000", "extended communities of seven octets (7.14)"),
        Case(
            Origin + AsPath + NextHop + LocalPref + "c0200b0000fc000000000100000000"[..28],
            "large communities of eleven octets (RFC 8092 section 6)"
        ),
        Case(Origin + AsPath + NextHop + LocalPref + "400804fc000001", "COMMUNITIES without the optional bit (3 c)"),
        Case(Origin + AsPath + NextHop + LocalPref + "c0160400060003", "a PMSI_TUNNEL of four octets (RFC 6514 section 5)"),
        Case(Origin + AsPath + NextHop + LocalPref + "c01704000f00ff", "a tunnel beyond the end of its attribute (RFC 9012 section 13)"),
        Case(
            Origin + AsPath + NextHop + LocalPref + "c01913000220010db80000000000000000000000010000",
            "IPv6 extended communities of nineteen octets (RFC 5701)"
        ),
        Case(Origin + AsPath + NextHop + LocalPref + "c023030000fc", "an ONLY_TO_CUSTOMER of three octets (RFC 9234 section 5)"),
        Case(Origin + AsPath + NextHop + LocalPref + "c00820fc000001", "an attribute longer than all of them (4)"),
    ];

    private static readonly TestCaseData[] s_discarded =
    [
        Case(Origin + AsPath + NextHop + LocalPref + "40060100", "an ATOMIC_AGGREGATE with a value (7.6)"),
        Case(Origin + AsPath + NextHop + LocalPref + "c00707fde80a07090100", "an AGGREGATOR of seven octets (7.7)"),
        Case(Origin + AsPath + NextHop + LocalPref + "40010102", "a second ORIGIN (3 g)"),
        Case(Origin + AsPath + NextHop + LocalPref + "c0110502010000fc", "an AS4_PATH that ends within a number (RFC 6793 section 6)"),
        Case(Origin + AsPath + NextHop + LocalPref + "c012070000fde80a0709", "an AS4_AGGREGATOR of seven octets (RFC 6793 section 6)"),
        Case(Origin + AsPath + NextHop + LocalPref + "c02804010007aa", "a label index beyond the end of PREFIX_SID (RFC 8669 section 6)"),
        Case(
            Origin + AsPath + NextHop + LocalPref + "800e0c000201040a0709010010fd10",
            "MP_REACH_NLRI of a family that was not negotiated (RFC 4760 section 7)"
        ),
    ];

    private static readonly (string Attributes, string Prefixes, string Reason)[] s_fatal =
    [
        // A prefix of 33 bits, and one beyond the message (section 5.3).
        (Origin + AsPath + NextHop + LocalPref, "210a63000000", "3/10"),
        (Origin + AsPath + NextHop + LocalPref, "200a63", "3/10"),
        // MP_REACH_NLRI twice (section 3 g).
        (MpReach + MpReach + Origin + AsPath + LocalPref, "", "3/1"),
        // MP_REACH_NLRI and MP_UNREACH_NLRI without room for a family (RFC 4760 section 7).
        ("800e03000101" + Origin + AsPath + LocalPref, "", "3/9"),
        ("800f020001", "", "3/9"),
        // MP_UNREACH_NLRI twice (section 3 g), and a next hop beyond the end of its MP_REACH_NLRI (section 7.11).
        ("800f03000101" + "800f03000101", "", "3/1"),
        ("800e07000101200a0709" + Origin + AsPath + LocalPref, "", "3/9"),
        // An attribute that everybody should know and nobody does (RFC 4271 section 6.3).
        (Origin + AsPath + NextHop + LocalPref + "406300", PrefixBytes, "3/2"),
    ];

    private Injector _injector = null!;

    // A neighbour that breaks off again and again is made to wait: one session for all that survive it, and one for each that doesn't.
    [OneTimeSetUp]
    public async Task ConnectAsync() => _injector = await FaultExchange.ConnectAsync(FaultExchange.Internal);

    [OneTimeTearDown]
    public void Disconnect() => _injector?.Dispose();

    [TestCaseSource(nameof(s_withdrawn))]
    public async Task Its_routes_are_withdrawn_and_the_session_goes_on(string attributes)
    {
        await _injector.UpdateAsync(Origin + AsPath + NextHop + LocalPref, PrefixBytes);
        await HaveAsync(Prefix, isThere: true);

        await _injector.UpdateAsync(attributes, PrefixBytes);

        await HaveAsync(Prefix, isThere: false);
        await GoesOnAsync();
    }

    [TestCaseSource(nameof(s_discarded))]
    public async Task The_attribute_is_left_out_and_the_route_stands(string attributes)
    {
        await _injector.WithdrawAsync(PrefixBytes);
        await HaveAsync(Prefix, isThere: false);

        await _injector.UpdateAsync(attributes, PrefixBytes);

        await HaveAsync(Prefix, isThere: true);
        await GoesOnAsync();
    }

    [Test]
    public async Task The_session_ends_and_says_why([Range(0, FaultExchange.Fatal - 1)] int number)
    {
        var (attributes, prefixes, reason) = s_fatal[number];
        using var injector = await FaultExchange.ConnectAsync(FaultExchange.FatalName(number));
        await injector.UpdateAsync(Origin + AsPath + NextHop + LocalPref, "100a62");
        await HaveAsync("10.98.0.0/16", isThere: true);

        await injector.UpdateAsync(attributes, prefixes);

        await HaveAsync("10.98.0.0/16", isThere: false);
        await FaultExchange.HasEndedAsync(injector, reason);
        await FaultExchange.OthersStayAsync(Family.Ipv4);
        await GoesOnAsync();
    }

    private static TestCaseData Case(string attributes, string name) => new TestCaseData(attributes).SetArgDisplayNames(name);

    private async Task GoesOnAsync()
    {
        await _injector.WithdrawAsync("100a64");
        await HaveAsync("10.100.0.0/16", isThere: false);
        await _injector.UpdateAsync(Origin + AsPath + NextHop + LocalPref, "100a64");
        await HaveAsync("10.100.0.0/16", isThere: true);
        Assert.That(_injector.Ended, Is.Empty);
    }

    private static Task HaveAsync(string prefix, bool isThere) => FaultExchange.HaveAsync(Family.Ipv4, prefix, isThere);
}
