using Fabric.Interop.Exchange;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;

namespace Fabric.Interop.Sessions;

/// <summary>
/// RFC 4724 with other makers' daemons: one end crashes and comes back in its time, and nobody else sees anything of it. OpenBGPD keeps the routes of
/// others, and promises nobody to forward over a restart of its own; ExaBGP keeps nothing. Each has all its families, inside the AS and in another one.
/// </summary>
[TestFixture(Role.Client, Role.External, Role.NonClient, Role.External)]
[TestFixture(Role.External, Role.Client, Role.External, Role.NonClient)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class GracefulRestartTests(object frr, object bird, object openBgpd, object goBgp) : IAsyncDisposable
{
    private const int RestartTime = 60;

    private readonly (Software, Role)[] _cast =
    [
        (Software.Frr, (Role)frr),
        (Software.Bird, (Role)bird),
        (Software.OpenBgpd, (Role)openBgpd),
        (Software.GoBgp, (Role)goBgp),
        (Software.ExaBgp, Role.Client),
    ];

    private ReflectorExchange _exchange = null!;

    public ValueTask DisposeAsync() => _exchange?.DisposeAsync() ?? ValueTask.CompletedTask;

    [TestCase("frr")]
    [TestCase("bird")]
    [TestCase("exabgp")]
    [TestCase("gobgp")]
    public async Task A_speaker_that_crashes_and_returns_is_not_noticed_by_others(string name)
    {
        await StartAsync();
        var restarter = _exchange.Members.Single(member => member.Software.Name == name);

        await NobodyNoticesAsync(
            restarter,
            async () =>
            {
                await restarter.Speaker.KillAsync();
                await IsKeptAsStaleAsync(restarter, "is down");
                await restarter.Speaker.StartAsync();
            }
        );
    }

    /// <summary>RFC 8538 section 4: of these FRR alone says that a NOTIFICATION is no reason to forget what the other one said.</summary>
    [Test]
    public async Task A_session_that_was_silent_for_too_long_is_not_noticed_by_others_where_both_have_agreed_so()
    {
        await StartAsync(holdTime: 9);
        var member = _exchange.Of(Software.Frr);
        var speaker = (FrrSpeaker)member.Speaker;

        await NobodyNoticesAsync(
            member,
            async () =>
            {
                await speaker.Node.CutOffAsync();
                await IsKeptAsStaleAsync(member, "is down: .*hold timer expired");
                await Eventually.HoldsAsync(
                    speaker.StaleAsync,
                    Is.EquivalentTo(_exchange.Expected(member, Family.Vpnv4).Select(route => route.Prefix)),
                    () => speaker.Log
                );
                await speaker.Node.ReconnectAsync();
            }
        );
        await Eventually.HoldsAsync(speaker.StaleAsync, Is.Empty, () => _exchange.Logs(member));
    }

    /// <summary>RFC 8538 section 3: with a hard reset nothing is kept, whatever was agreed.</summary>
    [Test]
    public async Task A_session_that_an_operator_resets_takes_its_routes_with_it()
    {
        await StartAsync();
        var member = _exchange.Of(Software.Frr);

        await ((FrrSpeaker)member.Speaker).ClearAsync();

        await Eventually.HoldsAsync(
            () => Task.FromResult(_exchange.Reflector.FullLog),
            Does.Match($"{member.Name} is down: .*its routes are gone"),
            () => _exchange.Logs(member)
        );
        await HoldsAgainAsync(member);
    }

    [Test]
    public async Task A_speaker_that_promises_no_forwarding_loses_its_routes_with_its_session()
    {
        await StartAsync();
        var (silent, observer) = (_exchange.Of(Software.OpenBgpd), _exchange.Of(Software.ExaBgp));

        await silent.Speaker.KillAsync();

        await Eventually.HoldsAsync(
            async () => (await observer.Speaker.ReceivedAsync(Family.Ipv4)).Select(route => route.Prefix),
            Has.None.EqualTo(silent.Route(Family.Ipv4).Prefix),
            () => _exchange.Logs(silent, observer)
        );
        Assert.That(_exchange.Reflector.FullLog, Does.Not.Match($"{silent.Name} is down.*routes kept as stale"));
        await silent.Speaker.StartAsync();
        await HoldsAgainAsync(silent);
        await HoldsAgainAsync(observer);
    }

    [Test]
    public async Task The_control_node_crashes_and_its_neighbours_keep_what_it_said_as_stale_until_it_has_said_it_again()
    {
        await StartAsync();
        var ofFrr = (FrrSpeaker)_exchange.Of(Software.Frr).Speaker;

        await _exchange.Reflector.KillAsync();

        await Eventually.HoldsAsync(
            ofFrr.StaleAsync,
            Is.EquivalentTo(_exchange.Expected(_exchange.Of(Software.Frr), Family.Vpnv4).Select(route => route.Prefix)),
            () => ofFrr.Log
        );
        var ofGoBgp = _exchange.Of(Software.GoBgp);
        await Eventually.HoldsAsync(ofGoBgp.Speaker.LastResetAsync, Does.Contain("graceful-restart"), () => ofGoBgp.Speaker.Log);
        await HoldsAgainAsync(ofGoBgp);
        var ofBird = _exchange.Of(Software.Bird);
        await Eventually.HoldsAsync(
            () => ((BirdSpeaker)ofBird.Speaker).ShowAsync("show protocols all"),
            Does.Contain("Neighbor graceful restart active"),
            () => ofBird.Speaker.Log
        );
        await HoldsAgainAsync(ofBird);
        var ofOpenBgpd = _exchange.Of(Software.OpenBgpd);
        await Eventually.HoldsAsync(
            ((OpenBgpdSpeaker)ofOpenBgpd.Speaker).StateAsync,
            Is.Not.EqualTo("Established"),
            () => ofOpenBgpd.Speaker.Log
        );
        await HoldsAgainAsync(ofOpenBgpd);
        await _exchange.Reflector.StartAsync();
        foreach (var member in _exchange.Members)
        {
            await HoldsAgainAsync(member);
        }

        await Eventually.HoldsAsync(ofFrr.StaleAsync, Is.Empty, () => _exchange.Logs(_exchange.Of(Software.Frr)));
    }

    /// <summary>RFC 4724 section 4.1: End-of-RIB waits for all neighbours, else the others would drop what one of them has not said again yet.</summary>
    [Test]
    public async Task The_control_node_crashes_and_what_a_neighbour_says_that_is_slow_to_return_stays_at_others_meanwhile()
    {
        await StartAsync();
        var (holder, late) = (_exchange.Of(Software.Frr), _exchange.Of(Software.Bird));
        var slow = late.Route(Family.Vpnv4).Prefix;
        await _exchange.Reflector.KillAsync();
        await Eventually.HoldsAsync(((FrrSpeaker)holder.Speaker).StaleAsync, Does.Contain(slow), () => holder.Speaker.Log);

        await late.Speaker.Node.CutOffAsync();
        await _exchange.Reflector.StartAsync();

        await Eventually.HoldsAsync(((FrrSpeaker)holder.Speaker).StaleAsync, Is.EqualTo(new[] { slow }), () => _exchange.Logs(holder));
        await late.Speaker.Node.ReconnectAsync();
        await HoldsAgainAsync(late);
        await HoldsAgainAsync(holder);
        await Eventually.HoldsAsync(((FrrSpeaker)holder.Speaker).StaleAsync, Is.Empty, () => _exchange.Logs(holder));
    }

    private async Task StartAsync(int holdTime = 90)
    {
        _exchange = await ReflectorExchange.StartAsync(
            _cast,
            shape: neighbor => neighbor with { RestartTime = RestartTime, HoldTime = holdTime }
        );
        foreach (var member in _exchange.Members)
        {
            foreach (var family in member.Software.Families)
            {
                await _exchange.HoldsAllAsync(member, family);
            }
        }
    }

    private async Task NobodyNoticesAsync(Member restarter, Func<Task> interruptAsync)
    {
        var observer = _exchange.Of(restarter.Software.Name == Software.ExaBgp.Name ? Software.Frr : Software.ExaBgp);
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

        await interruptAsync();
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

    private Task IsKeptAsStaleAsync(Member member, string how) =>
        Eventually.HoldsAsync(
            () => Task.FromResult(_exchange.Reflector.FullLog),
            Does.Match($"{member.Name} {how}.*routes kept as stale"),
            () => _exchange.Logs(member)
        );

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
