using Fabric.Interop.Exchange;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;

namespace Fabric.Interop.Sessions;

/// <summary>
/// RFC 4724 with other makers' daemons: one end crashes and comes back in its time, and nobody else sees anything of it. OpenBGPD keeps the routes of
/// others, and promises nobody to forward over a restart of its own; ExaBGP keeps nothing. Each has all its families, in one role or another.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class GracefulRestartTests : IAsyncDisposable
{
    private const int RestartTime = 60;

    private static readonly (Software, Role)[] s_cast =
    [
        (Software.Frr, Role.Client),
        (Software.Bird, Role.External),
        (Software.OpenBgpd, Role.NonClient),
        (Software.GoBgp, Role.External),
        (Software.ExaBgp, Role.Client),
    ];

    private ReflectorExchange _exchange = null!;

    [SetUp]
    public async Task StartAsync() =>
        _exchange = await ReflectorExchange.StartAsync(s_cast, shape: neighbor => neighbor with { RestartTime = RestartTime });

    public ValueTask DisposeAsync() => _exchange.DisposeAsync();

    [TestCase("frr")]
    [TestCase("bird")]
    [TestCase("exabgp")]
    [TestCase("gobgp")]
    public async Task A_speaker_that_crashes_and_returns_is_not_noticed_by_others(string name)
    {
        var restarter = _exchange.Members.Single(member => member.Software.Name == name);
        var observer = _exchange.Of(name == Software.ExaBgp.Name ? Software.Frr : Software.ExaBgp);
        await AllHoldAllAsync();
        // A route that comes and goes: behind it nothing is left of the first tables, such as their End-of-RIB.
        var marker = restarter.Route(Family.Vpnv4) with
        {
            Prefix = "10.201.0.0/16",
        };
        await restarter.Speaker.AnnounceAsync(marker);
        await HasAsync(observer, marker, isThere: true);
        await restarter.Speaker.WithdrawAsync(marker);
        await HasAsync(observer, marker, isThere: false);
        var before = await observer.Speaker.UpdatesReceivedAsync();

        await restarter.Speaker.KillAsync();
        await Eventually.HoldsAsync(
            () => Task.FromResult(_exchange.Reflector.FullLog),
            Does.Match($"{restarter.Name} is down.*routes kept as stale"),
            () => _exchange.Logs(restarter)
        );
        await restarter.Speaker.StartAsync();
        await HoldsAgainAsync(restarter);

        // What is announced last comes last: when it is there, nothing came before it but what is counted.
        var last = restarter.Route(Family.Vpnv4) with
        {
            Prefix = "10.200.0.0/16",
        };
        await restarter.Speaker.AnnounceAsync(last);
        await HasAsync(observer, last, isThere: true);
        Assert.That(await observer.Speaker.UpdatesReceivedAsync(), Is.EqualTo(before + 1), () => _exchange.Logs(restarter, observer));
    }

    [Test]
    public async Task A_speaker_that_promises_no_forwarding_loses_its_routes_with_its_session()
    {
        var (openBgpd, observer) = (_exchange.Of(Software.OpenBgpd), _exchange.Of(Software.ExaBgp));
        await AllHoldAllAsync();

        await openBgpd.Speaker.KillAsync();

        await Eventually.HoldsAsync(
            async () => (await observer.Speaker.ReceivedAsync(Family.Ipv4)).Select(route => route.Prefix),
            Has.None.EqualTo(openBgpd.Route(Family.Ipv4).Prefix),
            () => _exchange.Logs(openBgpd, observer)
        );
        Assert.That(_exchange.Reflector.FullLog, Does.Not.Match($"{openBgpd.Name} is down.*routes kept as stale"));
        await openBgpd.Speaker.StartAsync();
        await HoldsAgainAsync(openBgpd);
        await HoldsAgainAsync(observer);
    }

    [Test]
    public async Task The_control_node_crashes_and_its_neighbours_keep_what_it_said_as_stale_until_it_has_said_it_again()
    {
        var frr = (FrrSpeaker)_exchange.Of(Software.Frr).Speaker;
        await AllHoldAllAsync();

        await _exchange.Reflector.KillAsync();

        await Eventually.HoldsAsync(
            frr.StaleAsync,
            Is.EquivalentTo(_exchange.Expected(_exchange.Of(Software.Frr), Family.Vpnv4).Select(route => route.Prefix)),
            () => frr.Log
        );
        var goBgp = _exchange.Of(Software.GoBgp);
        await Eventually.HoldsAsync(goBgp.Speaker.LastResetAsync, Does.Contain("graceful-restart"), () => goBgp.Speaker.Log);
        await HoldsAgainAsync(goBgp);
        var bird = _exchange.Of(Software.Bird);
        await Eventually.HoldsAsync(
            () => ((BirdSpeaker)bird.Speaker).ShowAsync("show protocols all"),
            Does.Contain("Neighbor graceful restart active"),
            () => bird.Speaker.Log
        );
        await HoldsAgainAsync(bird);
        var openBgpd = _exchange.Of(Software.OpenBgpd);
        await Eventually.HoldsAsync(
            ((OpenBgpdSpeaker)openBgpd.Speaker).StateAsync,
            Is.Not.EqualTo("Established"),
            () => openBgpd.Speaker.Log
        );
        await HoldsAgainAsync(openBgpd);
        await _exchange.Reflector.StartAsync();
        foreach (var member in _exchange.Members)
        {
            await HoldsAgainAsync(member);
        }

        await Eventually.HoldsAsync(frr.StaleAsync, Is.Empty, () => _exchange.Logs(_exchange.Of(Software.Frr)));
    }

    /// <summary>RFC 4724 section 4.1: End-of-RIB waits for all neighbours, else the others would drop what one of them has not said again yet.</summary>
    [Test]
    public async Task The_control_node_crashes_and_what_a_neighbour_says_that_is_slow_to_return_stays_at_others_meanwhile()
    {
        var (frr, bird) = (_exchange.Of(Software.Frr), _exchange.Of(Software.Bird));
        var slow = bird.Route(Family.Vpnv4).Prefix;
        await AllHoldAllAsync();
        await _exchange.Reflector.KillAsync();
        await Eventually.HoldsAsync(((FrrSpeaker)frr.Speaker).StaleAsync, Does.Contain(slow), () => frr.Speaker.Log);

        await bird.Speaker.Node.CutOffAsync();
        await _exchange.Reflector.StartAsync();

        await Eventually.HoldsAsync(((FrrSpeaker)frr.Speaker).StaleAsync, Is.EqualTo(new[] { slow }), () => _exchange.Logs(frr));
        await bird.Speaker.Node.ReconnectAsync();
        await HoldsAgainAsync(bird);
        await HoldsAgainAsync(frr);
        await Eventually.HoldsAsync(((FrrSpeaker)frr.Speaker).StaleAsync, Is.Empty, () => _exchange.Logs(frr));
    }

    private async Task AllHoldAllAsync()
    {
        foreach (var member in _exchange.Members)
        {
            foreach (var family in member.Software.Families)
            {
                await _exchange.HoldsAllAsync(member, family);
            }
        }
    }

    private Task HasAsync(Member observer, Route route, bool isThere) =>
        Eventually.HoldsAsync(
            async () => (await observer.Speaker.ReceivedAsync(route.Family)).Select(held => held.Prefix),
            isThere ? Has.Member(route.Prefix) : Has.No.Member(route.Prefix),
            () => _exchange.Logs(_exchange.Members)
        );

    private async Task HoldsAgainAsync(Member member)
    {
        foreach (var family in member.Software.Families)
        {
            await Eventually.HoldsAsync(
                () => ReflectorExchange.ReceivedAsync(member, family),
                Is.EquivalentTo(_exchange.Expected(member, family)),
                () => _exchange.Logs(member)
            );
        }
    }
}
