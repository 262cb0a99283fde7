using Fabric.Interop.Exchange;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;

namespace Fabric.Interop.Sessions;

/// <summary>
/// RFC 9494: speakers crash and stay away for longer than their restart time; their routes are a last resort until they are back. OpenBGPD 7.7 and
/// ExaBGP 4.2 don't know of it.
/// </summary>
public sealed class LongLivedRestartTests
{
    private const int RestartTime = 2;
    private const int LongLivedTime = 100;

    private static readonly (Software Software, Role Role)[] s_cast =
    [
        .. Restarters.Select(software => (Knowing(software), Role.Client)),
        (Knowing(Software.Frr with { Originates = [] }), Role.NonClient),
        (Software.ExaBgp with { Originates = [] }, Role.NonClient),
    ];

    private ReflectorExchange _exchange = null!;

    private static IReadOnlyList<Software> Restarters => [Software.Bird, Software.Frr, Software.GoBgp];

    /// <summary>FRR, which shows the mark by name.</summary>
    private Member Knower => _exchange.Members[^2];

    private Member Stranger => _exchange.Members[^1];

    [OneTimeSetUp]
    public async Task StartAsync() =>
        _exchange = await ReflectorExchange.StartAsync(
            s_cast,
            shape: neighbor =>
                neighbor with
                {
                    Families = [Family.Vpnv4],
                    RestartTime = RestartTime,
                    LongLivedTime = neighbor.Name.StartsWith(Software.ExaBgp.Name, StringComparison.Ordinal) ? 0 : LongLivedTime,
                }
        );

    [OneTimeTearDown]
    public async Task EndAsync() => await _exchange.DisposeAsync();

    [Test]
    public async Task Who_knows_of_it_sees_the_mark_and_who_does_not_sees_a_last_resort_until_the_speakers_are_back()
    {
        var restarters = _exchange.Members.SkipLast(2).ToList();
        await AllHoldAllAsync();

        await Task.WhenAll(restarters.Select(member => member.Speaker.KillAsync()));

        await Eventually.HoldsAsync(
            () => HeldAsync(Knower, route => $"{route.Distinguisher} {route.Communities}"),
            Is.EquivalentTo(
                restarters.Select(member => member.Route(Family.Vpnv4)).Select(r => $"{r.Distinguisher} {r.Communities} llgr-stale")
            ),
            Logs
        );
        await Eventually.HoldsAsync(
            () => HeldAsync(Stranger, route => $"{route.Distinguisher} {route.Communities} {route.LocalPreference}"),
            Is.EquivalentTo(
                restarters
                    .Select(member => member.Route(Family.Vpnv4))
                    .Select(r => $"{r.Distinguisher} {r.Communities} 65535:6 65535:65281 0")
            ),
            Logs
        );

        await Task.WhenAll(restarters.Select(member => member.Speaker.StartAsync()));

        await AllHoldAllAsync();
    }

    private async Task AllHoldAllAsync()
    {
        foreach (var member in _exchange.Members)
        {
            await Eventually.HoldsAsync(
                () => ReflectorExchange.ReceivedAsync(member, Family.Vpnv4),
                Is.EquivalentTo(_exchange.Expected(member, Family.Vpnv4)),
                () => _exchange.Logs(member)
            );
        }
    }

    private static async Task<IEnumerable<string>> HeldAsync(Member member, Func<Route, string> words) =>
        (await member.Speaker.ReceivedAsync(Family.Vpnv4)).Select(words);

    private string Logs() => _exchange.Logs(_exchange.Members);

    private static Software Knowing(Software software) =>
        software with
        {
            Make = (node, number, neighbors) =>
                software.Make(node, number, [.. neighbors.Select(neighbor => neighbor with { LongLivedTime = LongLivedTime })]),
        };
}
