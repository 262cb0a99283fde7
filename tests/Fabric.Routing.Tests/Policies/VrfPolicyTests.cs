using Fabric.Routing.Policies;

namespace Fabric.Routing.Tests.Policies;

/// <summary>Policies of a VRF at work: p sends a VPN route that red imports, agent a publishes one in red, b subscribes to it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class VrfPolicyTests
{
    private static readonly RoutePolicy s_rejecting = Policy.Rejecting(PolicyMatch.Everything);

    private readonly Fixture _fixture = new();

    public VrfPolicyTests()
    {
        Define();
        var (a, b, p) = (_fixture.Agent("a"), _fixture.Agent("b"), _fixture.Internal("p"));
        _fixture.Core.Subscribe(a, "red");
        _fixture.Core.Subscribe(b, "red");
        _fixture.Publish(a, "red", "10.9.0.5/32", "198.51.100.1");
        _fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        _fixture.Drain();
    }

    [Test]
    public void A_rejected_import_is_infeasible_and_reaches_nobody_until_the_policy_takes_it()
    {
        Define(import: s_rejecting);

        var path = _fixture.Core.VrfRoutes("red").SelectMany(r => r.Paths).Single(p => p.Source == "p");
        Assert.That((path.IsBest, path.IsEqual), Is.EqualTo((false, false)));
        Assert.That((path.Reason, path.Policy, path.Term), Is.EqualTo((RejectReason.Policy, "policy", "reject")));
        Assert.That(_fixture.Drain().Held["b"].Keys, Is.EqualTo(["red|10.9.0.5/32"]));

        Define();

        Assert.That(_fixture.Drain().Held["b"].Keys, Is.EqualTo(["red|10.1.0.0/16", "red|10.9.0.5/32"]));
    }

    [Test]
    public void An_import_policy_changes_a_route_in_its_VRF_alone()
    {
        _fixture.Vrf("blue", "1");

        Define(import: Policy.Doing(new PolicyAction.SetLocalPreference(300)));

        var (red, blue) = (Imported("red"), Imported("blue"));
        Assert.That((red.Attributes.LocalPref, red.Received!.LocalPref), Is.EqualTo((300, (uint?)null)));
        Assert.That((blue.Attributes.LocalPref, blue.Received), Is.EqualTo(((uint?)null, (object?)null)));
    }

    [Test]
    public void An_export_policy_decides_whether_and_how_a_route_leaves_the_VRF()
    {
        Define(export: s_rejecting);
        Assert.That((Exported().Reason, Exported().Policy), Is.EqualTo((RejectReason.Policy, "policy")));
        Assert.That(_fixture.Drain().Held["p"], Is.Empty);

        Define(export: Policy.Doing(new PolicyAction.AddCommunities([Community.Parse("target:64512:2")])));

        _fixture.Vrf("green", "2");
        Assert.That(_fixture.Core.VrfRoutes("green").Single().Key.ToString(), Is.EqualTo("10.9.0.5/32"));
        Assert.That(_fixture.Drain().Held["p"].Single().Value, Does.EndWith("target:64512:1 target:64512:2"));
    }

    [Test]
    public void An_import_policy_changes_with_the_targets_at_once()
    {
        _fixture.Core.ConfigureVrf(
            new VrfDefinition
            {
                Name = "red",
                ImportTargets = Fixture.Targets("2"),
                ImportPolicies = [s_rejecting],
            }
        );
        Assert.That(_fixture.Core.VrfRoutes("red").SelectMany(r => r.Paths).Select(p => p.Source), Is.EqualTo(["a"]));

        Define(import: s_rejecting);

        Assert.That(Imported("red").Reason, Is.EqualTo(RejectReason.Policy));
    }

    private PathView Imported(string vrf) => _fixture.Core.VrfRoutes(vrf).SelectMany(r => r.Paths).Single(p => p.Source == "p");

    private PathView Exported() => _fixture.Core.VpnRoutes.SelectMany(r => r.Paths).Single(p => p.Source == "a");

    private void Define(RoutePolicy? import = null, RoutePolicy? export = null) =>
        _fixture.Core.ConfigureVrf(
            new VrfDefinition
            {
                Name = "red",
                ImportTargets = Fixture.Targets("1"),
                ExportTargets = Fixture.Targets("1"),
                ImportPolicies = import is null ? [] : [import],
                ExportPolicies = export is null ? [] : [export],
            }
        );
}
