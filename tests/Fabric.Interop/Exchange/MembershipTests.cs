using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;

namespace Fabric.Interop.Exchange;

/// <summary>Constrained distribution (RFC 4684) with GoBGP, the one of these daemons that asks for route targets by itself.</summary>
public sealed class MembershipTests
{
    private ReflectorExchange _exchange = null!;

    // GoBGP sends the End-of-RIB of its memberships only with graceful restart.
    [OneTimeSetUp]
    public async Task StartAsync() =>
        _exchange = await ReflectorExchange.StartAsync(
            [
                (Software.GoBgp with { Families = [Family.Vpnv4, Family.RouteTargets], Originates = [] }, Role.Client),
                (Software.Frr with { Families = [Family.Vpnv4] }, Role.Client),
                (Software.ExaBgp with { Families = [Family.Vpnv4] }, Role.Client),
            ],
            shape: neighbor => neighbor with { RestartTime = 30 }
        );

    [OneTimeTearDown]
    public async Task EndAsync() => await _exchange.DisposeAsync();

    [Test]
    public async Task A_speaker_gets_the_routes_of_the_targets_that_it_asks_for_and_no_others()
    {
        var goBgp = (GoBgpSpeaker)_exchange.Members[0].Speaker;
        var (frr, exaBgp) = (_exchange.Members[1], _exchange.Members[2]);
        await _exchange.HoldsAllAsync(frr, Family.Vpnv4);

        await ImportAsync(goBgp, "first", frr);
        await HoldsAsync(goBgp, frr);

        await ImportAsync(goBgp, "second", exaBgp);
        await HoldsAsync(goBgp, frr, exaBgp);

        await goBgp.ShowAsync("vrf", "del", "first");
        await HoldsAsync(goBgp, exaBgp);
    }

    /// <summary>Adds a VRF for the target that only one member's route has.</summary>
    private static Task ImportAsync(GoBgpSpeaker goBgp, string name, Member source) =>
        goBgp.ShowAsync("vrf", "add", name, "rd", $"64512:10{source.Speaker.Node.Number}", "rt", "both", Target(source));

    private static string Target(Member source) => source.Route(Family.Vpnv4).RouteTargets.Split(' ')[0];

    private Task HoldsAsync(GoBgpSpeaker goBgp, params Member[] sources) =>
        Eventually.HoldsAsync(
            async () => (await goBgp.ReceivedAsync(Family.Vpnv4)).Select(route => route.Distinguisher),
            Is.EquivalentTo(sources.Select(source => source.Route(Family.Vpnv4).Distinguisher)),
            () => _exchange.Logs(_exchange.Members)
        );
}
