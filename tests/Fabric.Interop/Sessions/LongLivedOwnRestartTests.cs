using Fabric.Interop.Exchange;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;
using NUnit.Framework.Constraints;

namespace Fabric.Interop.Sessions;

/// <summary>
/// RFC 9494, the other way round: the control node crashes and stays away for longer than its restart time. What it said stays as a last resort for the
/// time that it asked each neighbour for, a long one its clients and those outside, and a short one the others. FRR 8.4 is not asked about labelled
/// unicast, which it has in sessions of its own: it loses those routes with the session, whatever it has agreed on.
/// </summary>
public sealed class LongLivedOwnRestartTests
{
    // Seconds.
    private const int ShortTime = 3;

    /// <summary>The end of the long-lived stale time in each one's log: a short mark may come and go between two looks at a table.</summary>
    private static readonly Dictionary<string, IResolveConstraint> s_timeIsOver = new()
    {
        [Software.Frr.Name] = Does.Match(@"Long-lived stale timer \(.*\) expired"),
        [Software.Bird.Name] = Does.Contain("Long-lived stale timeout"),
        [Software.GoBgp.Name] = Does.Contain("LLGR restart timer expired"),
    };

    /// <summary>Asked for a long time.</summary>
    private static readonly Role[] s_patient = [Role.Client, Role.External];

    private ReflectorExchange _exchange = null!;

    private static IReadOnlyList<Software> Helpers => [Software.Bird, Software.Frr, Software.GoBgp];

    // One side only has EVPN routes of its own: GoBGP 3.10 crashes when it marks others' MAC/IP routes as stale beside those.
    [OneTimeSetUp]
    public async Task StartAsync() =>
        _exchange = await ReflectorExchange.StartAsync(
            [
                .. s_patient.SelectMany(role =>
                    Helpers.Select(software =>
                        (LongLived.Knowing(software with { Originates = [.. software.Originates.Except([Family.Evpn])] }), role)
                    )
                ),
                .. Helpers.Select(software =>
                    (LongLived.Knowing(software with { Originates = [.. software.Originates.Intersect([Family.Evpn])] }), Role.NonClient)
                ),
            ],
            shape: neighbor => neighbor with { RestartTime = LongLived.RestartTime, LongLivedTime = LongLivedTimeOf(neighbor) }
        );

    [OneTimeTearDown]
    public async Task EndAsync() => await _exchange.DisposeAsync();

    [Test]
    public async Task The_neighbours_keep_its_routes_with_the_mark_for_as_long_as_it_asked_them_and_lose_the_mark_when_it_is_back()
    {
        await LongLived.AllHoldAllAsync(_exchange);
        foreach (var frr in _exchange.Members.Select(member => member.Speaker).OfType<FrrSpeaker>())
        {
            // Its timers are in its log then.
            await frr.ShowAsync("debug bgp neighbor-events");
        }

        await _exchange.Reflector.KillAsync();

        await KeepMarkedAsync();
        await LoseAsync(Role.NonClient);
        await KeepMarkedAsync();

        await _exchange.Reflector.StartAsync();

        await LongLived.AllHoldAllAsync(_exchange);
    }

    private async Task KeepMarkedAsync()
    {
        foreach (var (member, family) in LongLived.TablesOf(s_patient.SelectMany(In)))
        {
            await HoldsAsync(
                member,
                family,
                member.Software.ForgetsInRestart.Contains(family)
                    ? Is.Empty
                    : Is.EquivalentTo(_exchange.Expected(member, family).Select(route => LongLived.Marked(member, route)))
            );
        }
    }

    private async Task LoseAsync(Role role)
    {
        foreach (var member in In(role))
        {
            await Eventually.HoldsAsync(
                () => Task.FromResult(member.Speaker.FullLog),
                s_timeIsOver[member.Software.Name],
                () => _exchange.Logs(member)
            );
            foreach (var family in member.Software.Families)
            {
                await HoldsAsync(member, family, Is.Empty);
            }
        }
    }

    private IEnumerable<Member> In(Role role) => _exchange.Members.Where(member => member.Role == role);

    private Task HoldsAsync(Member member, Family family, IResolveConstraint expected) =>
        Eventually.HoldsAsync(() => ReflectorExchange.ReceivedAsync(member, family), expected, () => _exchange.Logs(member));

    private static int LongLivedTimeOf(Neighbor neighbor) =>
        neighbor.Name.EndsWith("-nonclient", StringComparison.Ordinal) ? ShortTime : LongLived.Time;
}
