using Fabric.Interop.Exchange;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;
using NUnit.Framework.Constraints;

namespace Fabric.Interop.Sessions;

/// <summary>
/// Connections collide (RFC 4271 section 6.8): no OPEN gets through until the control node and each neighbour have connected to each other, if the
/// neighbour does that; then the neighbours' OPENs, so that the control node decides before any session is up. Of BIRD and FRR, which take both
/// connections, the one stays that the side with the higher identifier has opened. The others are not seen to hold two: with them the one stays that
/// there is.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SimultaneousConnectionTests : IAsyncDisposable
{
    private static readonly Software[] s_taking = [Software.Bird, Software.Frr];

    private ReflectorExchange? _exchange;

    public ValueTask DisposeAsync() => _exchange?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Its machine has the lowest address of all.</summary>
    [TestCase(Role.Client)]
    [TestCase(Role.External)]
    public Task Of_two_connections_the_neighbours_stays_when_its_identifier_is_higher(int role) =>
        CollideAsync((Role)role, identifier: null, ownStays: false);

    [TestCase(Role.Client)]
    [TestCase(Role.External)]
    public Task Of_two_connections_the_control_nodes_stays_when_its_identifier_is_higher(int role) =>
        CollideAsync((Role)role, "10.7.255.1", ownStays: true);

    private async Task CollideAsync(Role role, string? identifier, bool ownStays)
    {
        _exchange = await ReflectorExchange.StartAsync(
            [.. Software.All.Select(software => (software, role))],
            async (_, center) =>
            {
                await center.HoldDataBackAsync();
                return [];
            },
            neighbor => neighbor with { Families = [Family.Ipv4] },
            identifier
        );
        var taking = _exchange.Members.Where(member => s_taking.Any(software => software.Name == member.Software.Name)).ToList();
        foreach (var member in taking)
        {
            await ConnectionsAreAsync(member, Is.EquivalentTo(new[] { true, false }));
        }

        await _exchange.Reflector.Node.LetDataInAsync();
        foreach (var member in taking)
        {
            await ConnectionsAreAsync(member, Is.EqualTo(new[] { ownStays }));
        }

        await _exchange.Reflector.Node.LetDataOutAsync();
        foreach (var member in _exchange.Members)
        {
            await Eventually.HoldsAsync(
                () => ReflectorExchange.ReceivedAsync(member, Family.Ipv4),
                Is.EquivalentTo(_exchange.Expected(member, Family.Ipv4)),
                () => _exchange.Logs(member)
            );
            // BIRD gives up both, and connects anew, when it hears of the collision before the OPEN on the connection that stays.
            await ConnectionsAreAsync(member, Has.Exactly(1).Items);
        }
    }

    /// <summary>The established connections of the control node with a member: whether it has opened them itself.</summary>
    private Task ConnectionsAreAsync(Member member, IResolveConstraint expected) =>
        Eventually.HoldsAsync(
            async () =>
                (
                    await _exchange!.Reflector.Node.Namespace.MustAsync(
                        "ss",
                        "-Htn",
                        "state",
                        "established",
                        "dst",
                        member.Speaker.Node.Address
                    )
                )
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => line.TrimEnd().EndsWith(":179", StringComparison.Ordinal))
                    .ToList(),
            expected,
            () => _exchange!.Logs(member)
        );
}
