using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Bgp.Tests;

public sealed class CapabilityNegotiationTests
{
    private static readonly BgpPeerOptions Configured = PeerUnderTest.Options with
    {
        GracefulRestart = new() { LongLived = new() { StaleSeconds = 7200 } },
        AddPath = [new(AddressFamily.Vpnv4, AddPathModes.Both)],
        ExtendedNextHops = [new(AddressFamily.Vpnv4, 2)],
    };

    [Test]
    public void What_is_not_configured_is_not_offered()
    {
        var open = OpenOf(PeerUnderTest.Options);

        Assert.That(
            open.Capabilities.Select(c => c.Code).Distinct(),
            Is.EqualTo(
                new[]
                {
                    MultiprotocolCapability.CodeValue,
                    RouteRefreshCapability.CodeValue,
                    EnhancedRouteRefreshCapability.CodeValue,
                    ExtendedMessageCapability.CodeValue,
                    GracefulRestartCapability.CodeValue,
                    FourOctetAsCapability.CodeValue,
                }
            )
        );
    }

    [Test]
    public void What_is_configured_is_offered()
    {
        var open = OpenOf(Configured with { PeerAs = new AsNumber(64513), Role = BgpRole.Customer });

        Assert.That(open.Find<AddPathCapability>()!.Families, Is.EqualTo(Configured.AddPath));
        Assert.That(open.Find<ExtendedNextHopCapability>()!.NextHops, Is.EqualTo(Configured.ExtendedNextHops));
        Assert.That(open.Find<RoleCapability>()!.Role, Is.EqualTo(BgpRole.Customer));
        Assert.That(
            open.Find<LongLivedGracefulRestartCapability>()!.Families[0],
            Is.EqualTo(new LongLivedGracefulRestartFamily(AddressFamily.Vpnv4, true, 7200))
        );
    }

    // RFC 7911 section 4: path identifiers go where one speaker sends and the other receives.
    [TestCase(AddPathModes.Both, AddPathModes.Receive, AddPathModes.Send)]
    [TestCase(AddPathModes.Both, AddPathModes.Both, AddPathModes.Both)]
    [TestCase(AddPathModes.Receive, AddPathModes.Send, AddPathModes.Receive)]
    [TestCase(AddPathModes.Receive, AddPathModes.Receive, AddPathModes.None)]
    public void Several_paths_go_the_ways_that_both_want(AddPathModes ours, AddPathModes theirs, AddPathModes agreed)
    {
        var options = PeerUnderTest.Options with { AddPath = [new(AddressFamily.Vpnv4, ours)] };

        var negotiation = Negotiate(options, new AddPathCapability([new(AddressFamily.Vpnv4, theirs)]));

        AddPathFamily[] expected = agreed == AddPathModes.None ? [] : [new(AddressFamily.Vpnv4, agreed)];
        Assert.That(negotiation.AddPath, Is.EqualTo(expected));
    }

    [Test]
    public void What_was_agreed_on_decides_how_updates_are_read_and_written()
    {
        var options = PeerUnderTest.Options with
        {
            AddPath = [new(AddressFamily.Vpnv4, AddPathModes.Both), new(AddressFamily.RouteTargetMembership, AddPathModes.Both)],
            ExtendedNextHops = [new(AddressFamily.Vpnv4, 2)],
        };
        var theirs = new AddPathCapability([
            new(AddressFamily.Vpnv4, AddPathModes.Send),
            new(AddressFamily.RouteTargetMembership, AddPathModes.Both),
        ]);

        var negotiation = Negotiate(options, theirs, new ExtendedNextHopCapability([new(AddressFamily.Vpnv4, 2)]));

        Assert.That(negotiation.UpdateContext.AddPathFamilies, Is.EqualTo(new[] { AddressFamily.Vpnv4 }), "memberships have one path");
        Assert.That(negotiation.SentAddPath, Is.Empty);
        Assert.That(negotiation.UpdateContext.ExtendedNextHopFamilies, Is.EqualTo(new[] { AddressFamily.Vpnv4 }));
    }

    [Test]
    public void Of_a_peer_that_offers_more_than_is_configured_nothing_comes()
    {
        var negotiation = Negotiate(
            PeerUnderTest.Options,
            new AddPathCapability([new(AddressFamily.Vpnv4, AddPathModes.Both)]),
            new ExtendedNextHopCapability([new(AddressFamily.Vpnv4, 2)]),
            new LongLivedGracefulRestartCapability([new(AddressFamily.Vpnv4, true, 60)])
        );

        Assert.That((negotiation.AddPath.Count, negotiation.ExtendedNextHops.Count), Is.EqualTo((0, 0)));
        Assert.That(negotiation.PeerLongLived, Is.Null);
    }

    [Test]
    public void Next_hops_of_another_family_need_both()
    {
        var offered = new ExtendedNextHopCapability([new(AddressFamily.Vpnv4, 2), new(AddressFamily.Ipv4Unicast, 2)]);

        Assert.That(Negotiate(Configured, offered).ExtendedNextHops, Is.EqualTo(Configured.ExtendedNextHops));
    }

    private static OpenMessage OpenOf(BgpPeerOptions options)
    {
        var test = new PeerUnderTest(options);
        test.Do(new PeerEvent.Start());
        test.Do(new PeerEvent.ConnectionOpened(1));
        return test.LastOpen();
    }

    private static SessionNegotiation Negotiate(BgpPeerOptions options, params Capability[] capabilities)
    {
        var open = PeerUnderTest.NeighborOpen();
        open = open with { Capabilities = [.. open.Capabilities, .. capabilities] };
        Assert.That(SessionNegotiation.TryNegotiate(options, open, out var negotiation, out var error), Is.True, error?.ToString());
        return negotiation!;
    }
}
