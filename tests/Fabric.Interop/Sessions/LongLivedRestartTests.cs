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
    private const string ExaBgp = "exabgp";

    private ReflectorExchange _exchange = null!;

    private static IReadOnlyList<Software> Restarters => [Software.Bird, Software.Frr, Software.GoBgp];

    /// <summary>Those who show the mark, all families between them.</summary>
    private static IReadOnlyList<Software> Knowers => [Software.Frr, Software.GoBgp];

    private IReadOnlyList<Member> Crashed => [.. _exchange.Members.Where(member => member.Speaker.Originated.Count > 0)];

    private IReadOnlyList<Member> Observers => [.. _exchange.Members.Except(Crashed)];

    [OneTimeSetUp]
    public async Task StartAsync() =>
        _exchange = await ReflectorExchange.StartAsync(
            [
                .. Restarters.Select(software => (LongLived.Knowing(software), Role.Client)),
                (LongLived.Knowing(Software.Bird), Role.External),
                (LongLived.Knowing(Software.GoBgp), Role.External),
                .. Knowers.Select(software => (LongLived.Knowing(software with { Originates = [] }), Role.NonClient)),
                (LongLived.Knowing(Software.Frr with { Originates = [] }), Role.External),
                (Software.ExaBgp with { Originates = [] }, Role.NonClient),
                (Software.ExaBgp with { Originates = [] }, Role.External),
            ],
            shape: neighbor => neighbor with { RestartTime = LongLived.RestartTime, LongLivedTime = LongLivedTimeOf(neighbor) }
        );

    [OneTimeTearDown]
    public async Task EndAsync() => await _exchange.DisposeAsync();

    [Test]
    public async Task Who_knows_of_it_sees_the_mark_and_who_does_not_sees_a_last_resort_inside_until_the_speakers_are_back()
    {
        await LongLived.AllHoldAllAsync(_exchange);

        await Task.WhenAll(Crashed.Select(member => member.Speaker.KillAsync()));

        foreach (var (observer, family) in LongLived.TablesOf(Observers))
        {
            await Eventually.HoldsAsync(
                () => ReflectorExchange.ReceivedAsync(observer, family),
                Is.EquivalentTo(_exchange.Expected(observer, family).SelectMany(route => AsLastResort(observer, route))),
                () => _exchange.Logs(_exchange.Members)
            );
        }

        await Task.WhenAll(Crashed.Select(member => member.Speaker.StartAsync()));

        await LongLived.AllHoldAllAsync(_exchange);
    }

    private static int LongLivedTimeOf(Neighbor neighbor) =>
        neighbor.Name.StartsWith(ExaBgp, StringComparison.Ordinal) ? 0 : LongLived.Time;

    /// <summary>
    /// To who does not know the mark it is an internal matter and loses to every other (RFC 9494 section 4.6); who does not know it outside is not told
    /// of it any more (section 4.3).
    /// </summary>
    private static IEnumerable<Route> AsLastResort(Member observer, Route route) =>
        (observer.Software.Name, observer.Role) switch
        {
            (ExaBgp, Role.External) => [],
            (ExaBgp, _) => [route with { Communities = $"{route.Communities} 65535:6 65535:65281", LocalPreference = 0 }],
            _ => [LongLived.Marked(observer, route)],
        };
}
