using Fabric.Interop.Exchange;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;

namespace Fabric.Interop.Sessions;

/// <summary>RFC 9494: a speaker crashes and stays away for longer than its restart time; its routes are a last resort until it is back.</summary>
public sealed class LongLivedRestartTests
{
    private const int RestartTime = 2;
    private const int LongLivedTime = 100;

    private ReflectorExchange _exchange = null!;

    // GoBGP is not told of it at either end, and so stands for those who don't know it.
    [OneTimeSetUp]
    public async Task StartAsync() =>
        _exchange = await ReflectorExchange.StartAsync(
            [(Knowing(Software.Bird), Role.Client), (Knowing(Software.Frr), Role.Client), (Software.GoBgp, Role.Client)],
            shape: neighbor =>
                neighbor with
                {
                    Families = [Family.Vpnv4],
                    RestartTime = RestartTime,
                    LongLivedTime =
                        neighbor.Name.StartsWith("bird", StringComparison.Ordinal)
                        || neighbor.Name.StartsWith("frr", StringComparison.Ordinal)
                            ? LongLivedTime
                            : 0,
                }
        );

    [OneTimeTearDown]
    public async Task EndAsync() => await _exchange.DisposeAsync();

    [Test]
    public async Task Who_knows_of_it_sees_the_mark_and_who_does_not_sees_a_last_resort_until_the_speaker_is_back()
    {
        var (bird, frr, goBgp) = (_exchange.Members[0], _exchange.Members[1], _exchange.Members[2]);
        var route = bird.Route(Family.Vpnv4);
        foreach (var member in _exchange.Members)
        {
            await _exchange.HoldsAllAsync(member, Family.Vpnv4);
        }

        await bird.Speaker.KillAsync();

        await Eventually.HoldsAsync(
            async () => (await frr.Speaker.ReceivedAsync(Family.Vpnv4)).Where(route.IsSame).Select(held => held.Communities),
            Is.EqualTo([$"{route.Communities} llgr-stale"]),
            () => _exchange.Logs(bird, frr)
        );
        await Eventually.HoldsAsync(
            async () => (await goBgp.Speaker.ReceivedAsync(Family.Vpnv4)).Single(route.IsSame),
            Has.Property(nameof(Route.LocalPreference)).EqualTo(0).And.Property(nameof(Route.Communities)).Contains("65535:65281"),
            () => _exchange.Logs(bird, goBgp)
        );

        await bird.Speaker.StartAsync();

        foreach (var member in _exchange.Members)
        {
            await Eventually.HoldsAsync(
                () => ReflectorExchange.ReceivedAsync(member, Family.Vpnv4),
                Is.EquivalentTo(_exchange.Expected(member, Family.Vpnv4)),
                () => _exchange.Logs(member)
            );
        }
    }

    private static Software Knowing(Software software) =>
        software with
        {
            Make = (node, number, neighbors) =>
                software.Make(node, number, [.. neighbors.Select(neighbor => neighbor with { LongLivedTime = LongLivedTime })]),
        };
}
