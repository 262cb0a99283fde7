using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;

namespace Fabric.Interop.Exchange;

/// <summary>
/// Constrained distribution (RFC 4684) with those of these daemons that speak it: GoBGP, which asks for the targets of its VRFs, and ExaBGP. FRR 8.4,
/// BIRD 2.0 and OpenBGPD 7.7 don't: they get all routes, whatever others ask for.
/// </summary>
public sealed class MembershipTests
{
    private ReflectorExchange _exchange = null!;

    private GoBgpSpeaker GoBgp => (GoBgpSpeaker)_exchange.Members[0].Speaker;

    private Member Frr => _exchange.Members[1];

    private Member ExaBgp => _exchange.Members[2];

    private Member Asking => _exchange.Members[3];

    private ExaBgpSpeaker AskingSpeaker => (ExaBgpSpeaker)Asking.Speaker;

    // GoBGP sends the End-of-RIB of its memberships only with graceful restart.
    [OneTimeSetUp]
    public async Task StartAsync() =>
        _exchange = await ReflectorExchange.StartAsync(
            [
                (Software.GoBgp with { Families = [Family.Vpnv4, Family.RouteTargets], Originates = [] }, Role.Client),
                (Software.Frr with { Families = [Family.Vpnv4] }, Role.Client),
                (Software.ExaBgp with { Families = [Family.Vpnv4] }, Role.Client),
                (Software.ExaBgp with { Families = [Family.Vpnv4, Family.RouteTargets], Originates = [] }, Role.NonClient),
            ],
            shape: neighbor => neighbor with { RestartTime = 30 }
        );

    [OneTimeTearDown]
    public async Task EndAsync() => await _exchange.DisposeAsync();

    [Test]
    public async Task GoBGP_gets_the_routes_of_the_targets_that_it_asks_for_and_no_others()
    {
        await _exchange.HoldsAllAsync(Frr, Family.Vpnv4);

        await ImportAsync("first", Frr);
        await HoldsAsync(GoBgp, Frr);

        await ImportAsync("second", ExaBgp);
        await HoldsAsync(GoBgp, Frr, ExaBgp);

        await GoBgp.ShowAsync("vrf", "del", "first");
        await HoldsAsync(GoBgp, ExaBgp);

        await GoBgp.ShowAsync("vrf", "del", "second");
        await HoldsAsync(GoBgp);
    }

    [Test]
    public async Task ExaBGP_gets_the_routes_of_the_targets_that_it_asks_for_and_no_others()
    {
        await _exchange.HoldsAllAsync(Frr, Family.Vpnv4);

        AskingSpeaker.Join(Number(ExaBgp));
        await HoldsAsync(AskingSpeaker, ExaBgp);

        AskingSpeaker.Join(Number(Frr));
        await HoldsAsync(AskingSpeaker, Frr, ExaBgp);

        AskingSpeaker.Leave(Number(ExaBgp));
        await HoldsAsync(AskingSpeaker, Frr);

        AskingSpeaker.Leave(Number(Frr));
        await HoldsAsync(AskingSpeaker);
    }

    [Test]
    public async Task What_one_asks_for_is_told_the_other_as_long_as_it_is_asked_for()
    {
        AskingSpeaker.Join(900);
        await Eventually.HoldsAsync(
            () => GoBgp.NamesAsync(Family.RouteTargets),
            Has.Member($"{ReflectorExchange.As}:{ReflectorExchange.As}:900"),
            Logs
        );

        await GoBgp.ShowAsync("vrf", "add", "third", "rd", "64512:1901", "rt", "both", "64512:901");
        await Eventually.HoldsAsync(() => Task.FromResult(AskingSpeaker.Memberships()), Has.Member("64512:target:64512:901"), Logs);

        AskingSpeaker.Leave(900);
        await Eventually.HoldsAsync(() => GoBgp.NamesAsync(Family.RouteTargets), Has.None.EndsWith(":900"), Logs);

        await GoBgp.ShowAsync("vrf", "del", "third");
        await Eventually.HoldsAsync(() => Task.FromResult(AskingSpeaker.Memberships()), Has.None.EndsWith(":901"), Logs);
    }

    /// <summary>Adds a VRF for the target that only one member's route has.</summary>
    private Task ImportAsync(string name, Member source) =>
        GoBgp.ShowAsync("vrf", "add", name, "rd", $"64512:10{source.Speaker.Node.Number}", "rt", "both", Target(source));

    private static string Target(Member source) => source.Route(Family.Vpnv4).RouteTargets.Split(' ')[0];

    private static uint Number(Member source) => uint.Parse(Target(source).Split(':')[1]);

    private string Logs() => _exchange.Logs(_exchange.Members);

    private Task HoldsAsync(Speaker speaker, params Member[] sources) =>
        Eventually.HoldsAsync(
            async () => (await speaker.ReceivedAsync(Family.Vpnv4)).Select(route => route.Distinguisher),
            Is.EquivalentTo(sources.Select(source => source.Route(Family.Vpnv4).Distinguisher)),
            Logs
        );
}
