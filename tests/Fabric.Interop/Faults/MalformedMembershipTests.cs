using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;
using NUnit.Framework.Constraints;
using static Fabric.Interop.Faults.RightAttributes;

namespace Fabric.Interop.Faults;

/// <summary>
/// Faults of UPDATEs with memberships (RFC 4684): which of the VPN routes of BIRD and GoBGP a neighbour is told then, which it has asked for by the
/// target of each, and what another one hears of its memberships.
/// </summary>
public sealed class MalformedMembershipTests
{
    // RFC 4724 section 2.
    private const string EndOfMemberships = "800f03000184";

    private static readonly InjectedFamily s_memberships = InjectedFamily.Memberships;

    /// <summary>RFC 4684 section 4: no bits, or those of the origin AS and at most all of the target.</summary>
    private static readonly (string Name, string Attributes)[] s_disabling =
    [
        ("31 bits (5.3)", s_memberships.With("1f0000fc00")),
        ("a single bit (5.3)", s_memberships.With("0180")),
        ("97 bits (5.3)", s_memberships.With("610000fc000002fc000000006600")),
        ("255 bits (5.3)", s_memberships.With("ff" + new string('0', 64))),
        ("one that ends within its target (5.3)", s_memberships.With("600000fc000002fc00000000")),
        ("one that ends within its AS (5.3)", s_memberships.With("200000fc")),
        ("one behind another that is right (5.3)", s_memberships.With("00" + s_memberships.WrongNlri)),
        ("one that cannot be withdrawn (5.3)", s_memberships.Unreach(s_memberships.WrongNlri)),
        ("a next hop of two octets (7.11)", s_memberships.WithWrongNextHop),
        // RFC 4684 section 5: four octets or sixteen.
        ("a next hop with a distinguisher (7.11)", s_memberships.WithNextHop("00000000000000000a070901")),
        ("no next hop (7.11)", s_memberships.WithNextHop("")),
    ];

    private static readonly (string Name, Func<string, string> Attributes)[] s_withdrawing =
    [
        ("no ORIGIN (3 d)", right => right[Origin.Length..]),
        ("no AS_PATH (3 d)", right => right.Replace(Origin + AsPath, Origin, StringComparison.Ordinal)),
        ("an ORIGIN of 7 (7.1)", right => "40010107" + right[Origin.Length..]),
        ("extended communities of seven octets (7.14)", right => right + "c010070002fc00000000"),
        (
            "MP_REACH_NLRI with the transitive bit (3 c)",
            right => right.Replace(LocalPref + "80", LocalPref + "c0", StringComparison.Ordinal)
        ),
    ];

    private static readonly (string Name, string Attributes, string Reason)[] s_fatal =
    [
        ("MP_REACH_NLRI twice (3 g)", s_memberships.Attributes + s_memberships.Attributes[(Origin + AsPath + LocalPref).Length..], "3/1"),
        ("MP_UNREACH_NLRI twice (3 g)", EndOfMemberships + EndOfMemberships, "3/1"),
        ("a next hop beyond the end of MP_REACH_NLRI (7.11)", Origin + AsPath + LocalPref + "800e07000184200a0709", "3/9"),
    ];

    /// <summary>Several targets at once, with what is clean of it.</summary>
    private static readonly TestCaseData[] s_short =
    [
        Case(("66 bits", "420000fc000002fc003f", "420000fc000002fc0000")),
        Case(("36 bits", "240000fc000f", "240000fc0000")),
        Case(("the AS alone", "200000fc00", "200000fc00")),
        Case(("the default", "00", "00")),
    ];

    private Injector _listener = null!;
    private Injector _lasting = null!;

    private static IEnumerable<TestCaseData> Disabling => s_disabling.Select((fault, number) => Case(number, fault.Name));

    private static IEnumerable<TestCaseData> Withdrawing => s_withdrawing.Select((fault, number) => Case(number, fault.Name));

    private static IEnumerable<TestCaseData> Fatal => s_fatal.Select((fault, number) => Case(number, fault.Name));

    // A session whose family has ended, or that has ended itself, is no good for another test.
    [OneTimeSetUp]
    public async Task ConnectAsync()
    {
        _listener = await FaultExchange.ConnectAsync(FaultExchange.Listener);
        _lasting = await FaultExchange.ConnectAsync(FaultExchange.MemberName(0));
        await _lasting.UpdateAsync(EndOfMemberships, "");
    }

    [OneTimeTearDown]
    public void Disconnect()
    {
        _lasting?.Dispose();
        _listener?.Dispose();
    }

    [TearDown]
    public async Task WithdrawAsync()
    {
        await _lasting.UpdateAsync(s_memberships.Unreach(Membership(Software.Bird) + Membership(Software.GoBgp)), "");
        await IsToldAsync(_lasting);
        await HoldsAsync(_listener, Family.RouteTargets, Is.Empty);
    }

    [TestCaseSource(nameof(Disabling))]
    public async Task Its_memberships_end_with_the_family_and_the_session_goes_on(int fault)
    {
        using var injector = await FaultExchange.ConnectAsync(FaultExchange.MemberName(1 + fault));
        await AskAsync(injector, Software.Bird);
        await IsToldAsync(injector, Software.Bird);
        await IsHeardOfAsync(Membership(Software.Bird), isThere: true);

        await injector.UpdateAsync(s_disabling[fault].Attributes, "");
        await IsToldAsync(injector);
        await IsHeardOfAsync(Membership(Software.Bird), isThere: false);

        await AskAsync(injector, Software.GoBgp);
        await injector.SettleAsync(FaultExchange.Log);
        await IsToldAsync(injector);
        await IsHeardOfAsync(Membership(Software.GoBgp), isThere: false);
        await FaultExchange.OthersStayAsync(Family.Vpnv4);
        Assert.That(injector.Ended, Is.Empty);
    }

    /// <summary>What it wants is not known: it does not get all.</summary>
    [Test]
    public async Task A_neighbour_whose_first_membership_is_wrong_is_told_no_VPN_route()
    {
        using var injector = await FaultExchange.ConnectAsync(FaultExchange.MemberName(1 + s_disabling.Length));

        await injector.UpdateAsync(s_disabling[0].Attributes, "");
        await injector.UpdateAsync(EndOfMemberships, "");

        await injector.SettleAsync(FaultExchange.Log);
        Assert.That(injector.Held(Family.Vpnv4), Is.Empty);
        Assert.That(injector.Ended, Is.Empty);
    }

    [TestCaseSource(nameof(Withdrawing))]
    public async Task The_membership_is_withdrawn_and_others_stand(int fault)
    {
        await AskAsync(_lasting, Software.Bird, Software.GoBgp);
        await IsToldAsync(_lasting, Software.Bird, Software.GoBgp);

        await _lasting.UpdateAsync(s_withdrawing[fault].Attributes(s_memberships.With(Membership(Software.GoBgp))), "");
        await IsToldAsync(_lasting, Software.Bird);
        await IsHeardOfAsync(Membership(Software.GoBgp), isThere: false);
        await IsHeardOfAsync(Membership(Software.Bird), isThere: true);

        await AskAsync(_lasting, Software.GoBgp);
        await IsToldAsync(_lasting, Software.Bird, Software.GoBgp);
        Assert.That(_lasting.Ended, Is.Empty);
    }

    [TestCaseSource(nameof(s_short))]
    public async Task Bits_beyond_the_length_do_not_count(string said, string meant)
    {
        await _lasting.UpdateAsync(s_memberships.With(said), "");
        await IsToldAsync(_lasting, Software.Bird, Software.GoBgp);
        await IsHeardOfAsync(meant, isThere: true);

        await _lasting.UpdateAsync(s_memberships.Unreach(meant), "");
        await IsToldAsync(_lasting);
        await IsHeardOfAsync(meant, isThere: false);
        Assert.That(_lasting.Ended, Is.Empty);
    }

    [TestCaseSource(nameof(Fatal))]
    public async Task The_session_ends_and_its_memberships_with_it(int fault)
    {
        using var injector = await FaultExchange.ConnectAsync(FaultExchange.MemberName(2 + s_disabling.Length + fault));
        await AskAsync(injector, Software.Bird);
        await IsToldAsync(injector, Software.Bird);
        await IsHeardOfAsync(Membership(Software.Bird), isThere: true);

        await injector.UpdateAsync(s_fatal[fault].Attributes, "");

        await FaultExchange.HasEndedAsync(injector, s_fatal[fault].Reason);
        await IsHeardOfAsync(Membership(Software.Bird), isThere: false);
        await FaultExchange.OthersStayAsync(Family.Vpnv4);
    }

    private static TestCaseData Case(int number, string name) => new TestCaseData(number).SetArgDisplayNames(name);

    private static TestCaseData Case((string Name, string Said, string Meant) membership) =>
        new TestCaseData(membership.Said, membership.Meant).SetArgDisplayNames(membership.Name);

    private static async Task AskAsync(Injector injector, params Software[] sources)
    {
        await injector.UpdateAsync(s_memberships.With(string.Concat(sources.Select(Membership))), "");
        await injector.UpdateAsync(EndOfMemberships, "");
    }

    /// <summary>All 96 bits: the AS, and the target that only this one's route has.</summary>
    private static string Membership(Software source)
    {
        var target = FaultExchange.VpnRouteOf(source).RouteTargets.Split(' ', ':').Select(uint.Parse).ToList();
        return $"60{target[0]:x8}0002{target[0]:x4}{target[1]:x8}";
    }

    private static Task IsToldAsync(Injector injector, params Software[] sources) =>
        HoldsAsync(
            injector,
            Family.Vpnv4,
            Is.EquivalentTo(sources.Select(FaultExchange.VpnRouteOf).Select(route => $"{route.Distinguisher} {route.Prefix}"))
        );

    private Task IsHeardOfAsync(string membership, bool isThere) =>
        HoldsAsync(_listener, Family.RouteTargets, isThere ? Has.Member(membership) : Has.No.Member(membership));

    private static Task HoldsAsync(Injector injector, Family family, IResolveConstraint expected) =>
        Eventually.HoldsAsync(() => Task.FromResult(injector.Held(family)), expected, FaultExchange.Log);
}
