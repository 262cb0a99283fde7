using Fabric.Interop.Exchange;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;

namespace Fabric.Interop.Sessions;

/// <summary>The control node's file changes under way; neighbours say what they noticed.</summary>
public sealed class ReloadTests
{
    private ReflectorExchange _exchange = null!;

    [OneTimeSetUp]
    public async Task StartAsync() =>
        _exchange = await ReflectorExchange.StartAsync(
            [.. new[] { Software.Frr, Software.Bird, Software.GoBgp, Software.ExaBgp }.Select(s => (s, Role.Client))],
            shape: neighbor => neighbor with { Families = [Family.Vpnv4] }
        );

    [OneTimeTearDown]
    public async Task EndAsync() => await _exchange.DisposeAsync();

    [Test]
    public async Task An_export_policy_that_comes_and_goes_moves_routes_and_no_session()
    {
        var frr = _exchange.Of(Software.Frr);
        await _exchange.HoldsAllAsync(frr, Family.Vpnv4);
        var before = await ((FrrSpeaker)frr.Speaker).TimesEstablishedAsync();

        await ReloadAsync(frr, "export-policy: closed");
        await Eventually.HoldsAsync(() => frr.Speaker.ReceivedAsync(Family.Vpnv4), Is.Empty, () => _exchange.Logs(frr));
        await ReloadAsync(frr);
        await Eventually.HoldsAsync(
            () => ReflectorExchange.ReceivedAsync(frr, Family.Vpnv4),
            Is.EquivalentTo(_exchange.Expected(frr, Family.Vpnv4)),
            () => _exchange.Logs(frr)
        );

        Assert.That(await ((FrrSpeaker)frr.Speaker).TimesEstablishedAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task A_neighbour_that_is_shut_down_is_told_the_operators_words()
    {
        const string Words = "maintenance until noon";
        var bird = _exchange.Of(Software.Bird);
        await _exchange.HoldsAllAsync(bird, Family.Vpnv4);

        await ReloadAsync(bird, "admin-down: true", $"shutdown-message: {Words}");

        await Eventually.HoldsAsync(
            () => ((BirdSpeaker)bird.Speaker).ShowAsync("show protocols all"),
            Does.Contain("Administrative shutdown").And.Contain(Words),
            () => _exchange.Logs(bird)
        );
        await ReloadAsync(bird);
    }

    private Task ReloadAsync(Member changed, params string[] keys) =>
        _exchange.Reflector.ReloadAsync([
            .. _exchange.Reflector.Neighbors.Select(neighbor =>
                neighbor.Name == changed.Name ? neighbor with { FurtherKeys = keys } : neighbor
            ),
        ]);
}
