using Fabric.Interop.Exchange;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;

namespace Fabric.Interop.Sessions;

/// <summary>Sessions that end, and what both ends say of the reason.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EndedSessionTests : IAsyncDisposable
{
    private ReflectorExchange? _exchange;

    public ValueTask DisposeAsync() => _exchange?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Test]
    public async Task A_neighbour_that_falls_silent_loses_its_session_and_its_routes_after_the_hold_time()
    {
        _exchange = await ReflectorExchange.StartAsync(
            [(Software.Frr, Role.Client), (Software.Bird, Role.Client), (Software.GoBgp, Role.Client)],
            shape: neighbor => neighbor with { HoldTime = 3, Families = [Family.Vpnv4] }
        );
        var (frr, bird) = (_exchange.Of(Software.Frr), _exchange.Of(Software.Bird));
        await _exchange.HoldsAllAsync(bird, Family.Vpnv4);

        await frr.Speaker.Node.Namespace.MustAsync(
            "nft",
            "add table ip cut; add chain ip cut out { type filter hook output priority 0; policy drop; }"
        );

        await Eventually.HoldsAsync(
            async () => (await bird.Speaker.ReceivedAsync(Family.Vpnv4)).Select(route => route.Distinguisher),
            Has.No.Member(frr.Route(Family.Vpnv4).Distinguisher),
            () => _exchange.Logs(frr)
        );
        Assert.That(_exchange.Reflector.FullLog, Does.Match($"{frr.Name} is down: .*hold timer expired"));
        await Eventually.HoldsAsync(frr.Speaker.LastResetAsync, Does.Contain("Hold Timer Expired").IgnoreCase, () => _exchange.Logs(frr));
    }

    [Test]
    public async Task A_neighbour_with_more_prefixes_than_its_limit_is_told_so_and_may_come_back_after_a_time()
    {
        _exchange = await ReflectorExchange.StartAsync(
            [(Software.Frr, Role.Client), (Software.Bird, Role.Client)],
            shape: neighbor =>
                neighbor with
                {
                    Families = [Family.Vpnv4],
                    FurtherKeys = neighbor.Name.StartsWith("frr", StringComparison.Ordinal)
                        ? ["max-prefixes: { vpnv4: { limit: 1 } }", "max-prefixes-restart: 3"]
                        : [],
                }
        );
        var (frr, bird) = (_exchange.Of(Software.Frr), _exchange.Of(Software.Bird));
        await _exchange.HoldsAllAsync(bird, Family.Vpnv4);

        var tooMany = frr.Route(Family.Vpnv4) with { Prefix = "10.200.0.0/16" };
        await frr.Speaker.AnnounceAsync(tooMany);

        await Eventually.HoldsAsync(
            frr.Speaker.LastResetAsync,
            Does.Contain("Maximum Number of Prefixes Reached").IgnoreCase,
            () => _exchange.Logs(frr)
        );
        await Eventually.HoldsAsync(() => bird.Speaker.ReceivedAsync(Family.Vpnv4), Is.Empty, () => _exchange.Logs(bird));
        Assert.That(_exchange.Reflector.FullLog, Does.Match($"{frr.Name} is down: .*prefix"));

        await frr.Speaker.WithdrawAsync(tooMany);

        await Eventually.HoldsAsync(
            () => bird.Speaker.ReceivedAsync(Family.Vpnv4),
            Is.EquivalentTo(_exchange.Expected(bird, Family.Vpnv4)),
            () => _exchange.Logs(frr, bird)
        );
    }
}
