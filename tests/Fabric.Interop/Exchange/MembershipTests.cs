using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;
using NUnit.Framework.Constraints;

namespace Fabric.Interop.Exchange;

/// <summary>
/// Constrained distribution (RFC 4684) with those of these daemons that speak it, as client, as non-client and in another AS: GoBGP, which asks for
/// the targets of its VRFs, and ExaBGP. FRR 8.4, BIRD 2.0 and OpenBGPD 7.7 don't: they get all routes, whatever others ask for.
/// </summary>
[TestFixture(Role.Client, Role.NonClient)]
[TestFixture(Role.NonClient, Role.Client)]
[TestFixture(Role.External, Role.External)]
public sealed class MembershipTests(object goBgp, object exaBgp)
{
    private static readonly Family[] s_constrained = [Family.Vpnv4, Family.Vpnv6, Family.Evpn];

    private ReflectorExchange _exchange = null!;

    private GoBgpSpeaker GoBgp => (GoBgpSpeaker)_exchange.Members[0].Speaker;

    private ExaBgpSpeaker ExaBgp => (ExaBgpSpeaker)_exchange.Members[1].Speaker;

    private Member Frr => _exchange.Members[2];

    /// <summary>Another GoBGP, with routes of all three families.</summary>
    private Member Source => _exchange.Members[3];

    // GoBGP sends the End-of-RIB of its memberships only with graceful restart.
    [OneTimeSetUp]
    public async Task StartAsync() =>
        _exchange = await ReflectorExchange.StartAsync(
            [
                (Asking(Software.GoBgp), (Role)goBgp),
                (Asking(Software.ExaBgp), (Role)exaBgp),
                (Software.Frr with { Families = s_constrained }, Role.Client),
                (Software.GoBgp with { Families = s_constrained }, (Role)goBgp == Role.Client ? Role.External : Role.Client),
            ],
            shape: neighbor => neighbor with { RestartTime = 30 }
        );

    [OneTimeTearDown]
    public async Task EndAsync() => await _exchange.DisposeAsync();

    [Test]
    public async Task GoBGP_gets_the_routes_of_the_targets_that_it_asks_for_and_no_others()
    {
        await SourcesHoldAllAsync();

        await ImportAsync("first", Frr);
        await HoldsAsync(GoBgp, Frr);

        await ImportAsync("second", Source);
        await HoldsAsync(GoBgp, Frr, Source);

        await GoBgp.ShowAsync("vrf", "del", "first");
        await HoldsAsync(GoBgp, Source);

        await GoBgp.ShowAsync("vrf", "del", "second");
        await HoldsAsync(GoBgp);
    }

    [Test]
    public async Task ExaBGP_gets_the_routes_of_the_targets_that_it_asks_for_and_no_others()
    {
        await SourcesHoldAllAsync();

        ExaBgp.Join(Number(Source));
        await HoldsAsync(ExaBgp, Source);

        ExaBgp.Join(Number(Frr));
        await HoldsAsync(ExaBgp, Frr, Source);

        ExaBgp.Leave(Number(Source));
        await HoldsAsync(ExaBgp, Frr);

        ExaBgp.Leave(Number(Frr));
        await HoldsAsync(ExaBgp);
    }

    [Test]
    public async Task What_one_asks_for_is_told_the_other_as_long_as_it_is_asked_for()
    {
        ExaBgp.Join(900);
        await Eventually.HoldsAsync(
            () => GoBgp.NamesAsync(Family.RouteTargets),
            Has.Member($"{ExaBgp.As}:{ReflectorExchange.As}:900"),
            Logs
        );

        await GoBgp.ShowAsync("vrf", "add", "third", "rd", "64512:1901", "rt", "both", "64512:901");
        await Eventually.HoldsAsync(() => Task.FromResult(ExaBgp.Memberships()), Has.Member($"{GoBgp.As}:target:64512:901"), Logs);

        ExaBgp.Leave(900);
        await Eventually.HoldsAsync(() => GoBgp.NamesAsync(Family.RouteTargets), Has.None.EndsWith(":900"), Logs);

        await GoBgp.ShowAsync("vrf", "del", "third");
        await Eventually.HoldsAsync(() => Task.FromResult(ExaBgp.Memberships()), Has.None.EndsWith(":901"), Logs);
    }

    /// <summary>RFC 4724 section 4.2 is for memberships, too.</summary>
    [Test]
    public async Task What_a_speaker_asked_for_before_a_crash_stands_until_it_is_back_and_does_not_ask_again()
    {
        string[] both = [.. new[] { Frr, Source }.Select(source => $"{ExaBgp.As}:{Target(source)}")];
        ExaBgp.Join(Number(Frr));
        ExaBgp.Join(Number(Source));
        await HoldsAsync(ExaBgp, Frr, Source);
        await ArePassedOnAsync(Is.SupersetOf(both));

        await ExaBgp.KillAsync();
        await Eventually.HoldsAsync(
            () => Task.FromResult(_exchange.Reflector.FullLog),
            Does.Match($"{ExaBgp.Name} is down.*routes kept as stale: .*rtc"),
            Logs
        );
        await ArePassedOnAsync(Is.SupersetOf(both));
        ExaBgp.Leave(Number(Source));
        await ExaBgp.StartAsync();

        await HoldsAsync(ExaBgp, Frr);
        await ArePassedOnAsync(Has.Member(both[0]).And.No.Member(both[1]));
        ExaBgp.Leave(Number(Frr));
        await HoldsAsync(ExaBgp);
    }

    private Task ArePassedOnAsync(IResolveConstraint expected) =>
        Eventually.HoldsAsync(() => GoBgp.NamesAsync(Family.RouteTargets), expected, Logs);

    private static Software Asking(Software software) =>
        software with
        {
            Families = [.. s_constrained, Family.RouteTargets],
            Originates = [],
        };

    /// <summary>Those who ask for nothing in particular.</summary>
    private async Task SourcesHoldAllAsync()
    {
        foreach (var family in s_constrained)
        {
            await _exchange.HoldsAllAsync(Frr, family);
            await _exchange.HoldsAllAsync(Source, family);
        }
    }

    /// <summary>Adds a VRF for the target that only one member's routes have.</summary>
    private Task ImportAsync(string name, Member source) =>
        GoBgp.ShowAsync("vrf", "add", name, "rd", $"64512:10{source.Speaker.Node.Number}", "rt", "both", Target(source));

    private static string Target(Member source) => source.Route(Family.Vpnv4).RouteTargets.Split(' ')[0];

    private static uint Number(Member source) => uint.Parse(Target(source).Split(':')[1]);

    private string Logs() => _exchange.Logs(_exchange.Members);

    private async Task HoldsAsync(Speaker speaker, params Member[] sources)
    {
        foreach (var family in s_constrained)
        {
            await Eventually.HoldsAsync(
                async () => (await speaker.ReceivedAsync(family)).Select(route => route.Distinguisher),
                Is.EquivalentTo(
                    sources.SelectMany(source => source.Speaker.Originated).Where(r => r.Family == family).Select(r => r.Distinguisher)
                ),
                Logs
            );
        }
    }
}
