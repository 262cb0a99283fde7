using Fabric.Primitives;
using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Tests.Policies;

internal sealed class VrfRulesTests
{
    private static readonly PeerDefinition s_agent = Policy.Peer(PeerKind.Agent, null);
    private static readonly PathAttributes s_attributes = Fixture.Attributes("203.0.113.9");

    private static VrfRules Rules(string exports, RoutePolicy? import = null, RoutePolicy? export = null) =>
        new(
            Policy.Options,
            new VrfDefinition
            {
                Name = "red",
                ExportTargets = Fixture.Targets(exports),
                ImportPolicies = import is null ? [] : [import],
                ExportPolicies = export is null ? [] : [export],
            }
        );

    [Test]
    public void A_route_gets_the_export_targets_and_what_the_policy_adds()
    {
        var rules = Rules("1", export: Policy.Doing(new PolicyAction.AddCommunities([Community.Parse("target:64512:2")])));

        var outcome = rules.Export(s_attributes, s_agent, Policy.Unicast);

        Assert.That(outcome.IsSent, Is.True);
        Assert.That(outcome.Attributes.RouteTargets, Is.EqualTo(Fixture.Targets("1 2")));
    }

    [Test]
    public void Targets_that_a_route_brings_along_do_not_leave_the_VRF()
    {
        var origin = ExtendedCommunity.SecurityGroup(64512, 7);
        var attributes = Fixture.Attributes("203.0.113.9", "3 4").WithExtendedCommunities([origin]);

        var targeted = Rules("1").Export(attributes, s_agent, Policy.Unicast);
        Assert.That(targeted.Attributes.RouteTargets, Is.EqualTo(Fixture.Targets("1")));
        Assert.That(targeted.Attributes.ExtendedCommunities, Has.Member(origin), "what is no target stays");
        Assert.That(Rules("").Export(attributes, s_agent, Policy.Unicast).Reason, Is.EqualTo(RejectReason.NoRouteTarget));
    }

    [Test]
    public void A_policy_may_give_a_VRF_without_export_targets_one()
    {
        var policy = Policy.Doing(new PolicyAction.AddCommunities([Community.Parse("target:64512:2")]));

        Assert.That(Rules("", export: policy).Export(s_attributes, s_agent, Policy.Unicast).IsSent, Is.True);
    }

    [Test]
    public void A_route_without_a_target_is_not_exported()
    {
        var removing = Policy.Doing(new PolicyAction.RemoveCommunities([CommunityPattern.Parse("target:*")]));

        Assert.That(Rules("").Export(s_attributes, s_agent, Policy.Unicast).Reason, Is.EqualTo(RejectReason.NoRouteTarget));
        Assert.That(
            Rules("1", export: removing).Export(s_attributes, s_agent, Policy.Unicast).Reason,
            Is.EqualTo(RejectReason.NoRouteTarget)
        );
    }

    [Test]
    public void An_export_policy_keeps_a_route_in_its_VRF()
    {
        var policy = Policy.Rejecting(new() { Prefixes = [PrefixRange.Parse("10.1.0.0/16")] });

        Assert.That(Rules("1", export: policy).Export(s_attributes, s_agent, Policy.Unicast).Reason, Is.EqualTo(RejectReason.Policy));
    }

    [Test]
    public void An_import_policy_keeps_a_route_out_of_a_VRF_by_its_RD()
    {
        var rules = Rules("1", import: Policy.Rejecting(new() { RouteDistinguishers = [RouteDistinguisher.Parse("64512:9")] }));
        var other = Policy.Route("10.1.0.0/16", AddressFamily.Vpnv4, "64512:8");

        Assert.That(rules.TakesAll, Is.False);
        Assert.That(rules.Import(s_attributes, s_agent, Policy.Vpn).Reason, Is.EqualTo(RejectReason.Policy));
        Assert.That(rules.Import(s_attributes, s_agent, other), Is.EqualTo(new ImportOutcome(RejectReason.None, s_attributes)));
    }

    [Test]
    public void Without_an_import_policy_all_that_a_target_brings_is_taken()
    {
        Assert.That(Rules("1").TakesAll, Is.True);
        Assert.That(Rules("1").Import(s_attributes, s_agent, Policy.Vpn).Attributes, Is.SameAs(s_attributes));
    }
}
