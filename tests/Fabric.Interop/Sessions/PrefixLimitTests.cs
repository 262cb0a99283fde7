using Fabric.Interop.Exchange;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;
using NUnit.Framework.Constraints;

namespace Fabric.Interop.Sessions;

/// <summary>Sessions that end as one side says more than the other takes, with every maker's daemon at once.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PrefixLimitTests : IAsyncDisposable
{
    // Seconds. All are down at once, and have taken their routes back, before the first may come again.
    private const int Pause = 15;

    /// <summary>Cease/Maximum Number of Prefixes Reached (RFC 4486), the same.</summary>
    private static readonly Dictionary<string, IResolveConstraint> s_excess = new()
    {
        [Software.Frr.Name] = Does.Contain("Maximum Number of Prefixes Reached").IgnoreCase,
        [Software.Bird.Name] = Does.Contain("Maximum number of prefixes reached"),
        [Software.OpenBgpd.Name] = Does.Contain("max-prefix exceeded"),
        [Software.GoBgp.Name] = Does.Contain("subcode 1(maximum number of prefixes reached)"),
        [Software.ExaBgp.Name] = Does.Contain("\"code\":6,\"subcode\":1"),
    };

    private ReflectorExchange _exchange = null!;

    /// <summary>Who may say as much as it likes, and hear it.</summary>
    private Member Observer => _exchange.Members[^1];

    private IReadOnlyList<Member> Limited => [.. _exchange.Members.SkipLast(1)];

    public ValueTask DisposeAsync() => _exchange?.DisposeAsync() ?? ValueTask.CompletedTask;

    [TestCase(Role.Client, Role.NonClient, Role.External)]
    [TestCase(Role.External, Role.NonClient, Role.Client)]
    public async Task A_neighbour_with_more_prefixes_than_its_limit_is_told_so_and_may_come_back_after_a_time(
        object ofPrefixes,
        object ofVpns,
        object observer
    )
    {
        // FRR says to another AS what it has heard of it, which counts though it is of no use.
        var limited = Software.All.Where(software => (Role)ofPrefixes != Role.External || software.Name != Software.Frr.Name);
        await StartAsync(
            [
                .. limited.Select(software => (software.Speaking(Family.Ipv4), (Role)ofPrefixes)),
                (Software.Frr.Speaking(Family.Vpnv4), (Role)ofVpns),
                (Software.Bird.Speaking(Family.Vpnv4), (Role)ofVpns),
                (Software.GoBgp.Speaking(Family.Evpn), (Role)ofVpns),
                (Software.ExaBgp.Speaking(Family.Vpnv4), (Role)ofVpns),
                (Software.GoBgp with { Families = [Family.Ipv4, Family.Vpnv4, Family.Evpn], Originates = [] }, (Role)observer),
            ],
            neighbor =>
                neighbor.Families.Count > 1
                    ? neighbor
                    : neighbor with
                    {
                        FurtherKeys =
                        [
                            .. neighbor.FurtherKeys,
                            $"max-prefixes: {{ {neighbor.Families[0].InFile()}: {{ limit: 1 }} }}",
                            $"max-prefixes-restart: {Pause}",
                        ],
                    }
        );

        await Task.WhenAll(Limited.Select(member => member.Speaker.AnnounceAsync(TooMany(member))));
        await ObserverHoldsAsync(isThere: false);
        // Before the time is over: one that comes back with too many again is kept waiting by its own daemon.
        await Task.WhenAll(Limited.Select(member => member.Speaker.WithdrawAsync(TooMany(member))));
        foreach (var member in Limited)
        {
            await ControlNodeSaysAsync(
                Does.Match($@"{member.Name} is down: sent .*prefixes reached \({member.Software.Families[0].InFile()}: 2, the limit is 1\)")
            );
            await SaysAsync(member, s_excess);
        }

        await ObserverHoldsAsync(isThere: true);
    }

    /// <summary>The other way round: those who have limits have them for what the control node tells them.</summary>
    [TestCase(Role.Client)]
    [TestCase(Role.External)]
    public async Task Neighbours_that_are_told_more_prefixes_than_their_limit_are_down_until_they_are_cleared(object role)
    {
        Software[] limiting = [Software.Frr, Software.Bird, Software.OpenBgpd, Software.GoBgp];
        await StartAsync(
            [.. limiting.Append(Software.ExaBgp).Select(software => (software.Speaking(Family.Ipv4), (Role)role))],
            // Each hears of all but its own route.
            neighbor => neighbor with { PrefixLimit = limiting.Length }
        );

        // More than they take, also without the routes of those whose session is over already.
        var tooMany = limiting.Select((_, number) => TooMany(Observer) with { Prefix = $"10.20{number}.0.0/16" }).ToList();
        foreach (var route in tooMany)
        {
            await Observer.Speaker.AnnounceAsync(route);
        }

        foreach (var member in Limited)
        {
            await ControlNodeSaysAsync(Does.Match($"{member.Name} is down: received .*maximum number of prefixes"));
        }

        await ObserverHoldsAsync(isThere: false);
        foreach (var route in tooMany)
        {
            await Observer.Speaker.WithdrawAsync(route);
        }

        await Task.WhenAll(Limited.Select(member => member.Speaker.ClearPrefixLimitAsync()));

        foreach (var member in _exchange.Members)
        {
            await HoldsAsync(member, Family.Ipv4, Is.EquivalentTo(_exchange.Expected(member, Family.Ipv4)));
        }
    }

    private async Task StartAsync(IReadOnlyList<(Software Software, Role Role)> cast, Func<Neighbor, Neighbor> shape)
    {
        _exchange = await ReflectorExchange.StartAsync(cast, shape: shape);
        foreach (var member in _exchange.Members)
        {
            foreach (var family in member.Software.Families)
            {
                await _exchange.HoldsAllAsync(member, family);
            }
        }
    }

    private static Route TooMany(Member member) => member.FurtherRoute(member.Software.Families[0]);

    private async Task ObserverHoldsAsync(bool isThere)
    {
        foreach (var family in Observer.Software.Families)
        {
            await HoldsAsync(Observer, family, isThere ? Is.EquivalentTo(_exchange.Expected(Observer, family)) : Is.Empty);
        }
    }

    private Task HoldsAsync(Member member, Family family, IResolveConstraint expected) =>
        Eventually.HoldsAsync(() => ReflectorExchange.ReceivedAsync(member, family), expected, () => _exchange.Logs(_exchange.Members));

    /// <summary>Its log is written behind what it does.</summary>
    private Task ControlNodeSaysAsync(IResolveConstraint expected) =>
        Eventually.HoldsAsync(() => Task.FromResult(_exchange.Reflector.FullLog), expected, () => _exchange.Logs(_exchange.Members));

    private Task SaysAsync(Member member, Dictionary<string, IResolveConstraint> words) =>
        Eventually.HoldsAsync(member.Speaker.LastResetAsync, words[member.Software.Name], () => _exchange.Logs(member));
}
