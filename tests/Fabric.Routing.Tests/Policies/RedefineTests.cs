using Fabric.Primitives;
using Fabric.Routing.Policies;

namespace Fabric.Routing.Tests.Policies;

/// <summary>Rules and policies of a peer change while its session goes on. p sends two routes, q is the only one to hear of them.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RedefineTests
{
    private const string Low = "64512:9:10.1.0.0/16";
    private const string High = "64512:9:10.2.0.0/16";

    private static readonly RoutePolicy s_rejectingLow = Policy.Rejecting(new() { Prefixes = [PrefixRange.Parse("10.1.0.0/16")] });
    private static readonly RoutePolicy s_preferring = Policy.Doing(new PolicyAction.SetLocalPreference(300));

    private readonly Fixture _fixture = new(clusterId: 7);
    private readonly PeerId _p;
    private readonly PeerId _q;

    public RedefineTests()
    {
        _p = _fixture.Internal("p", client: true);
        _q = _fixture.Internal("q", client: true);
        _fixture.Vpn(_p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        _fixture.Vpn(_p, "64512:9", "10.2.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        _fixture.Drain();
        _fixture.Messages.Clear();
    }

    [Test]
    public void An_import_policy_takes_away_and_gives_back_what_was_received()
    {
        Import(_p, s_rejectingLow);

        Assert.That(Told(), Is.EqualTo([$"q: -{Low}"]));
        var rejected = PathOf(Low);
        Assert.That((rejected.Reason, rejected.Policy, rejected.Term), Is.EqualTo((RejectReason.Policy, "policy", "reject")));

        Import(_p);

        Assert.That(Told(), Is.EqualTo([$"q: +{Low}"]));
        Assert.That(PathOf(Low).Policy, Is.Null);
    }

    [Test]
    public void An_import_policy_judges_what_was_received_and_not_what_another_policy_made_of_it()
    {
        Import(_p, s_preferring);
        var preferred = PathOf(Low);
        Assert.That((preferred.Attributes.LocalPref, preferred.Received!.LocalPref), Is.EqualTo((300, (uint?)null)));

        Import(
            _p,
            Policy.Of(
                Policy.Term("med", new() { LocalPreference = new(100, 100) }, Disposition.Accept, new PolicyAction.SetMultiExitDisc(5))
            )
        );

        var path = PathOf(Low);
        Assert.That((path.Attributes.LocalPref, path.Attributes.MultiExitDisc), Is.EqualTo(((uint?)null, 5)));
        Assert.That((path.Policy, path.Term), Is.EqualTo(("policy", "med")));
    }

    [Test]
    public void A_route_that_is_said_again_replaces_what_was_received()
    {
        Import(_p, s_preferring);
        _fixture.Vpn(_p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.2", "1"));

        Import(_p);

        Assert.That(PathOf(Low).Attributes.NextHop.ToString(), Is.EqualTo("203.0.113.2"));
    }

    [Test]
    public void A_rule_of_the_peer_is_a_policy_too()
    {
        _fixture.Vpn(_p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1", asPath: "65001 64512"));
        Assert.That(PathOf(Low).Reason, Is.EqualTo(RejectReason.AsLoop));

        Redefine(_p, p => p with { AllowedOwnAs = 1 });

        Assert.That(PathOf(Low).Reason, Is.EqualTo(RejectReason.None));
    }

    [Test]
    public void An_export_policy_is_told_as_what_is_different_for_the_peer()
    {
        Redefine(_q, q => q with { ExportPolicies = [s_rejectingLow] });
        Assert.That(Told(), Is.EqualTo([$"q: -{Low}"]));

        Redefine(_q, q => q with { ExportPolicies = [s_rejectingLow, Policy.Doing()] });
        Assert.That(Told(), Is.Empty);

        Redefine(_q, q => q with { ExportPolicies = [] });
        Assert.That(Told(), Is.EqualTo([$"q: +{Low}"]));
    }

    [Test]
    public void An_export_policy_that_changes_attributes_tells_the_routes_that_it_changes()
    {
        var policy = Policy.Of(
            Policy.Term(
                "far",
                new() { Prefixes = [PrefixRange.Parse("10.2.0.0/16")] },
                Disposition.Accept,
                new PolicyAction.SetMultiExitDisc(5)
            )
        );

        Redefine(_q, q => q with { ExportPolicies = [policy] });

        Assert.That(Told(), Is.EqualTo([$"q: +{High}"]));
        Assert.That(_fixture.Held["q"][High], Does.Contain("med5"));
    }

    [Test]
    public void What_a_blocked_peer_was_not_told_waits_in_its_other_group()
    {
        _fixture.Core.SetBlocked(_q, true);
        _fixture.Withdraw(_p, "64512:9", "10.1.0.0/16");
        Redefine(_q, q => q with { ExportPolicies = [s_preferring] });
        Assert.That(Told(), Is.Empty);

        _fixture.Core.SetBlocked(_q, false);

        Assert.That(Told(), Is.EqualTo([$"q: -{Low}", $"q: +{High}"]));
        Assert.That(_fixture.Core.VpnRoutes.Count(), Is.EqualTo(1));
        Assert.That(_fixture.Core.Counters.VpnRoutes, Is.EqualTo(1));
    }

    [Test]
    public void A_peer_that_is_no_client_any_more_no_longer_reaches_those_who_are_none()
    {
        var r = _fixture.Internal("r");
        Assert.That(Told(), Is.EqualTo([$"r: +{Low}", $"r: +{High}", "r: end vpnv4", "r: end vpnv6"]));

        Redefine(_p, p => p with { IsRouteReflectorClient = false });

        Assert.That(_fixture.Drain().Held["r"], Is.Empty);
        Assert.That(_fixture.Held["q"], Has.Count.EqualTo(2));
        Assert.That(r, Is.Not.EqualTo(_p));
    }

    [Test]
    public void A_peer_comes_back_to_its_stale_routes_with_another_policy()
    {
        var definition = DefinitionOf(_p);
        _fixture.Core.MarkStale(_p, AddressFamily.Vpnv4);

        _fixture.Core.Establish(definition with { ImportPolicies = [s_rejectingLow] });

        Assert.That((PathOf(Low).Reason, PathOf(Low).IsStale), Is.EqualTo((RejectReason.Policy, true)));
        Assert.That(_fixture.Drain().Held["q"].Keys, Is.EqualTo([High]));
    }

    [Test]
    public void What_a_session_has_agreed_on_cannot_be_redefined()
    {
        var definition = DefinitionOf(_p);

        Assert.That(() => _fixture.Core.Redefine(_p, definition with { Name = "x" }), Throws.ArgumentException);
        Assert.That(() => _fixture.Core.Redefine(_p, definition with { Families = [AddressFamily.Vpnv4] }), Throws.ArgumentException);
    }

    [Test]
    public void Received_sets_are_released_with_their_paths()
    {
        Import(_p, s_preferring);
        _fixture.Core.Remove(_p);
        _fixture.Core.Remove(_q);

        Assert.That((_fixture.Core.Counters.Paths, _fixture.Core.Counters.AttributeSets), Is.EqualTo((0, 0)));
    }

    private void Import(PeerId peer, params RoutePolicy[] policies) => Redefine(peer, p => p with { ImportPolicies = [.. policies] });

    private void Redefine(PeerId peer, Func<PeerDefinition, PeerDefinition> change) =>
        _fixture.Core.Redefine(peer, change(DefinitionOf(peer)));

    private PeerDefinition DefinitionOf(PeerId peer) => _fixture.Core.Peers.Single(p => p.Id == peer).Definition;

    private PathView PathOf(string key) => _fixture.Core.VpnRoutes.Single(r => r.Key.ToString() == key).Paths[0];

    private List<string> Told()
    {
        _fixture.Drain();
        var told = _fixture.Messages.ToList();
        _fixture.Messages.Clear();
        return told;
    }
}
