using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Tests.Bgp;

/// <summary>What FRR and GoBGP put on the wire.</summary>
public sealed class OtherSpeakersTests
{
    [Test]
    public void FRRs_open_has_families_restart_and_long_messages()
    {
        var open = Open(GoldenMessages.FrrOpen);

        Assert.That((open.AsNumber.Value, open.HoldSeconds, open.Identifier.ToString()), Is.EqualTo((64512u, 180, "10.9.0.2")));
        Assert.That(open.Find<MultiprotocolCapability>()!.Family, Is.EqualTo(AddressFamily.Vpnv4));
        Assert.That(open.Find<ExtendedMessageCapability>(), Is.Not.Null);
        Assert.That(open.Find<EnhancedRouteRefreshCapability>(), Is.Not.Null);
        Assert.That(
            open.Find<GracefulRestartCapability>(),
            Is.EqualTo(new GracefulRestartCapability(true, true, 120, [new(AddressFamily.Vpnv4, false)]))
        );
    }

    [Test]
    public void GoBGPs_open_has_route_target_membership()
    {
        var open = Open(GoldenMessages.GoBgpOpen);

        Assert.That(
            open.Capabilities.OfType<MultiprotocolCapability>().Select(c => c.Family),
            Is.EqualTo(new[] { AddressFamily.Vpnv4, AddressFamily.RouteTargetMembership })
        );
        Assert.That(open.Find<GracefulRestartCapability>()!.RestartSeconds, Is.EqualTo(60));
    }

    [Test]
    public void BIRDs_open_has_a_role_and_long_lived_stale_routes_and_is_written_by_us_alike()
    {
        var open = Open(GoldenMessages.BirdOpen);

        Assert.That(
            open.Capabilities,
            Is.EqualTo(
                new Capability[]
                {
                    new MultiprotocolCapability(AddressFamily.Vpnv4),
                    new RouteRefreshCapability(),
                    new ExtendedNextHopCapability([new(AddressFamily.Vpnv4, 2)]),
                    new RoleCapability(BgpRole.Customer),
                    new GracefulRestartCapability(false, false, 120, [new(AddressFamily.Vpnv4, false)]),
                    new FourOctetAsCapability(new AsNumber(64512)),
                    new AddPathCapability([new(AddressFamily.Vpnv4, AddPathModes.Both)]),
                    new EnhancedRouteRefreshCapability(),
                    new LongLivedGracefulRestartCapability([new(AddressFamily.Vpnv4, false, 86400)]),
                }
            )
        );
        var written = new byte[MessageFrame.MaxBytes];
        Assert.That(written[..open.Encode(written)], Is.EqualTo(GoldenMessages.Bytes(GoldenMessages.BirdOpen)));
    }

    [Test]
    public void FRRs_VPN_route_has_MP_REACH_first_and_a_long_form_of_AS_PATH()
    {
        var decoded = Decoded.Of(GoldenMessages.Body(GoldenMessages.FrrUpdate));

        Assert.That((decoded.Fault, decoded.Labels[0]), Is.EqualTo(((UpdateFault?)null, 77u)));
        Assert.That(decoded.Reachable, Is.EqualTo(new[] { "64512:7:10.50.0.0/24" }));
        Assert.That(
            decoded.Attributes,
            Is.EqualTo(
                new PathAttributes
                {
                    NextHop = IpAddress.Parse("10.9.0.2"),
                    MultiExitDisc = 0,
                    LocalPref = 100,
                }
            )
        );
    }

    [Test]
    public void GoBGPs_VPN_route_has_MP_REACH_in_the_middle()
    {
        var decoded = Decoded.Of(GoldenMessages.Body(GoldenMessages.GoBgpUpdate));

        Assert.That((decoded.Fault, decoded.Labels[0]), Is.EqualTo(((UpdateFault?)null, 88u)));
        Assert.That(decoded.Reachable, Is.EqualTo(new[] { "64512:8:10.60.0.0/24" }));
        Assert.That(decoded.Attributes!.RouteTargets, Is.EqualTo(new[] { RouteTarget.Parse("64512:100") }));
        Assert.That(decoded.Attributes.Origin, Is.EqualTo(Origin.Incomplete));
    }

    [Test]
    public void Reading_an_update_whose_attributes_are_known_allocates_nothing()
    {
        var decoder = new UpdateDecoder(new AttributeInterner(), Decoded.Internal);
        var body = GoldenMessages.Body(GoldenMessages.GoBgpUpdate);
        uint labels = 0;
        for (var i = 0; i < 100; i++)
        {
            labels += Labels(decoder, body);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            labels += Labels(decoder, body);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(labels, Is.EqualTo(200 * 88));
    }

    private static uint Labels(UpdateDecoder decoder, byte[] body)
    {
        uint sum = 0;
        foreach (var block in decoder.Decode(body))
        {
            foreach (var route in block.VpnRoutes)
            {
                sum += route.Label.Value;
            }
        }

        return sum;
    }

    private static OpenMessage Open(string hex)
    {
        Assert.That(OpenMessage.TryDecode(GoldenMessages.Body(hex), out var open, out _), Is.True);
        return open!;
    }
}
