using Fabric.Interop.Exchange;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;
using NUnit.Framework.Constraints;

namespace Fabric.Interop.Sessions;

/// <summary>Sessions that end, with every maker's daemon at once, and what both ends say of the reason.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EndedSessionTests : IAsyncDisposable
{
    /// <summary>RFC 4271 section 6.5, in each one's words.</summary>
    private static readonly Dictionary<string, IResolveConstraint> s_silence = new()
    {
        [Software.Frr.Name] = Does.Contain("Hold Timer Expired").IgnoreCase,
        [Software.Bird.Name] = Does.Contain("Hold timer expired"),
        [Software.OpenBgpd.Name] = Does.Contain("HoldTimer expired"),
        [Software.GoBgp.Name] = Does.Contain("hold-timer-expired"),
        [Software.ExaBgp.Name] = Does.Contain("Hold timer expired"),
    };

    private ReflectorExchange _exchange = null!;

    /// <summary>Each maker's, in some role.</summary>
    private IReadOnlyList<Member> Silent => [.. _exchange.Members.SkipLast(1)];

    /// <summary>The one whose own session stays.</summary>
    private Member Observer => _exchange.Members[^1];

    public ValueTask DisposeAsync() => _exchange?.DisposeAsync() ?? ValueTask.CompletedTask;

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public async Task A_neighbour_that_falls_silent_loses_its_session_and_its_routes_after_the_hold_time(int turn)
    {
        await StartAsync(turn, neighbor => neighbor with { HoldTime = 3 });

        foreach (var member in Silent)
        {
            await member.Speaker.Node.CutOffAsync();
        }

        await ObserverHoldsAsync(Is.Empty);
        foreach (var member in Silent)
        {
            await ControlNodeSaysAsync(Does.Match($"{member.Name} is down: .*hold timer expired"));
            await SaysAsync(member, s_silence);
        }
    }

    [Test]
    public async Task Neighbours_that_hear_nothing_of_the_control_node_end_their_sessions_and_are_back_when_they_do()
    {
        await StartAsync(turn: 1, neighbor => neighbor with { HoldTime = 3 });
        var node = _exchange.Reflector.Node;

        await node.CutOffAsync();

        foreach (var member in Silent)
        {
            await SaysAsync(member, s_silence);
        }

        await node.ReconnectAsync();
        foreach (var member in _exchange.Members)
        {
            await Eventually.HoldsAsync(
                () => ReflectorExchange.ReceivedAsync(member, Family.Ipv4),
                Is.EquivalentTo(_exchange.Expected(member, Family.Ipv4)),
                () => _exchange.Logs(member)
            );
        }
    }

    /// <summary>All daemons in their roles, and a client that only listens; when they hold each other's routes.</summary>
    private async Task StartAsync(int turn, Func<Neighbor, Neighbor> shape)
    {
        _exchange = await ReflectorExchange.StartAsync(
            [.. Software.InTurn(turn), (Software.Bird with { Name = "observer", Originates = [] }, Role.Client)],
            shape: neighbor => shape(neighbor with { Families = [Family.Ipv4] })
        );
        foreach (var member in _exchange.Members)
        {
            await _exchange.HoldsAllAsync(member, Family.Ipv4);
        }
    }

    private Task ObserverHoldsAsync(IResolveConstraint expected) =>
        Eventually.HoldsAsync(
            async () => await Observer.Speaker.ReceivedAsync(Family.Ipv4),
            expected,
            () => _exchange.Logs(_exchange.Members)
        );

    /// <summary>Its log is written behind what it does.</summary>
    private Task ControlNodeSaysAsync(IResolveConstraint expected) =>
        Eventually.HoldsAsync(() => Task.FromResult(_exchange.Reflector.FullLog), expected, () => _exchange.Reflector.Log);

    private Task SaysAsync(Member member, Dictionary<string, IResolveConstraint> words) =>
        Eventually.HoldsAsync(member.Speaker.LastResetAsync, words[member.Software.Name], () => _exchange.Logs(member));
}
