using Fabric.Routing.Policies;

namespace Fabric.Routing.Tests.Policies;

/// <summary>A set of attributes that just has room in a message of 65,535 octets (RFC 8654), and policies that add to it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LongAttributesTests
{
    private static readonly RoutePolicy s_prepending = Policy.Doing(new PolicyAction.PrependAs(null, 50));

    private readonly Fixture _fixture = new(clusterId: 7);

    [Test]
    public void A_route_that_a_neighbours_policy_makes_too_long_is_rejected_as_it_came()
    {
        var peer = _fixture.Establish(Fixture.Define("p", PeerKind.InternalBgp, 11, client: true) with { ImportPolicies = [s_prepending] });
        _fixture.Internal("q", client: true);

        Announce(peer);

        var path = _fixture.Core.VpnRoutes.Single().Paths.Single();
        Assert.That((path.Reason, path.Attributes.AsPath.Length), Is.EqualTo((RejectReason.TooLong, 0)));
        Assert.That(_fixture.Drain().Held["q"], Is.Empty);
    }

    [Test]
    public void A_route_that_a_VRFs_policy_makes_too_long_is_rejected_there()
    {
        _fixture.Core.ConfigureVrf(
            new VrfDefinition
            {
                Name = "red",
                ImportTargets = Fixture.Targets("1"),
                ImportPolicies = [s_prepending],
            }
        );

        Announce(_fixture.Internal("p", client: true));

        Assert.That(_fixture.Core.VrfRoutes("red").Single().Paths.Single().Reason, Is.EqualTo(RejectReason.TooLong));
    }

    private void Announce(PeerId peer) =>
        _fixture.Vpn(
            peer,
            "64512:9",
            "10.1.0.0/16",
            Fixture.Attributes("203.0.113.1", "1") with
            {
                Communities = [.. Enumerable.Range(1, 16_350).Select(number => (uint)number)],
            }
        );
}
