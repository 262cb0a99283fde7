using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;
using static Fabric.Interop.Faults.RightAttributes;

namespace Fabric.Interop.Faults;

/// <summary>Faults of UPDATEs with routes in MP_REACH_NLRI that can still be told (RFC 7606), and so are withdrawn.</summary>
public sealed class MalformedFamilyUpdateTests
{
    private static readonly TestCaseData[] s_withdrawn =
    [
        .. InjectedFamily.All.SelectMany(family =>
            new[]
            {
                Case(family, AsPath + LocalPref + family.Attributes[(Origin + AsPath + LocalPref).Length..], "no ORIGIN (3 d)"),
                Case(family, family.WithTransitiveReach, "MP_REACH_NLRI with the transitive bit (3 c)"),
                Case(family, family.WithGroupAsNextHop, "the next hop of a group (RFC 4271 section 6.3, 7.3)"),
                Case(family, family.Attributes + "c010070002fc00000000", "extended communities of seven octets (7.14)"),
            }
        ),
        Case(Evpn, Evpn.Attributes + "c0160400060003", "a PMSI_TUNNEL of four octets (RFC 6514 section 5)"),
        Case(Evpn, Evpn.Attributes + "c0160800060003ed0a0709", "ingress replication to three octets (RFC 6514 section 5)"),
        Case(Evpn, Evpn.Attributes + "c01704000800ff", "a tunnel beyond the end of its attribute (RFC 9012 section 13)"),
        Case(Evpn, Evpn.Attributes + "c01703000800", "a tunnel without its length (RFC 9012 section 13)"),
    ];

    private Injector _injector = null!;

    private static InjectedFamily Evpn => InjectedFamily.All.Single(family => family.Family == Family.Evpn);

    [OneTimeSetUp]
    public async Task ConnectAsync() => _injector = await FaultExchange.ConnectAsync(FaultExchange.AllFamilies);

    [OneTimeTearDown]
    public void Disconnect() => _injector?.Dispose();

    [TestCaseSource(nameof(s_withdrawn))]
    public async Task Its_route_is_withdrawn_and_its_family_goes_on(object injected, string attributes)
    {
        var family = (InjectedFamily)injected;
        await AnnounceAsync(family);

        await _injector.UpdateAsync(attributes, "");
        await FaultExchange.HaveAsync(family.Family, family.Name, isThere: false);

        await AnnounceAsync(family);
        Assert.That(_injector.Ended, Is.Empty);
    }

    /// <summary>RFC 7606 section 5.4.</summary>
    [Test]
    public async Task An_EVPN_route_of_an_unknown_type_is_passed_over([Values("0904deadbeef", "0900", "ff01ff")] string unknown)
    {
        await _injector.UpdateAsync(Evpn.Unreach(Evpn.Nlri), "");
        await FaultExchange.HaveAsync(Family.Evpn, Evpn.Name, isThere: false);

        await _injector.UpdateAsync(Evpn.With(unknown + Evpn.Nlri + unknown), "");

        await FaultExchange.HaveAsync(Family.Evpn, Evpn.Name, isThere: true);
        Assert.That(_injector.Ended, Is.Empty);
    }

    private async Task AnnounceAsync(InjectedFamily family)
    {
        await _injector.UpdateAsync(family.Attributes, "");
        await FaultExchange.HaveAsync(family.Family, family.Name, isThere: true);
    }

    private static TestCaseData Case(InjectedFamily family, string attributes, string name) =>
        new TestCaseData(family, attributes).SetArgDisplayNames($"{family}", name);
}
