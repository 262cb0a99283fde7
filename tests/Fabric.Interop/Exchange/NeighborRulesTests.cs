using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;
using NUnit.Framework.Constraints;

namespace Fabric.Interop.Exchange;

/// <summary>What the keys for routes of a neighbour make of them, as the neighbours on both sides see it; each is set and taken back by a reload.</summary>
public sealed class NeighborRulesTests
{
    private const string GracefulShutdown = "65535:0";

    private ReflectorExchange _exchange = null!;

    private Member Frr => _exchange.Of(Software.Frr);

    private Member Bird => _exchange.Of(Software.Bird);

    private Member GoBgp => _exchange.Of(Software.GoBgp);

    [OneTimeSetUp]
    public async Task StartAsync() =>
        _exchange = await ReflectorExchange.StartAsync(
            [(Software.Frr, Role.External), (Software.Bird, Role.External), (Software.GoBgp, Role.Client)],
            shape: neighbor => neighbor with { Families = [Family.Ipv4] }
        );

    [OneTimeTearDown]
    public async Task EndAsync() => await _exchange.DisposeAsync();

    [SetUp]
    public async Task AllHoldAllAsync()
    {
        foreach (var member in _exchange.Members)
        {
            await _exchange.HoldsAllAsync(member, Family.Ipv4);
        }
    }

    [Test]
    public Task A_session_that_is_about_to_end_says_so_with_each_route() =>
        WithAsync(Bird, "graceful-shutdown: { announce: true }", Bird, route => route.Communities, Does.Contain(GracefulShutdown));

    [Test]
    public Task Private_numbers_are_left_out() =>
        WithAsync(Bird, "private-as: remove", Bird, route => route.AsPath, Is.EqualTo($"{ReflectorExchange.As}"));

    [Test]
    public Task Private_numbers_are_replaced() =>
        WithAsync(
            Bird,
            "private-as: replace",
            Bird,
            route => route.AsPath,
            Is.EqualTo($"{ReflectorExchange.As} {ReflectorExchange.As}").Or.EqualTo($"{ReflectorExchange.As}")
        );

    [Test]
    public Task The_next_hop_is_the_control_node() =>
        WithAsync(GoBgp, "next-hop: self", GoBgp, route => route.NextHop, Is.EqualTo(_exchange.Reflector.Node.Address));

    [Test]
    public Task The_next_hop_of_an_external_neighbour_can_stay() =>
        WithAsync(Bird, "next-hop: unchanged", Bird, route => route.NextHop, Does.StartWith("10.7.9."));

    [Test]
    public Task Communities_of_some_kinds_are_kept_back() =>
        WithAsync(
            Bird,
            "send-communities: [large]",
            Bird,
            route => $"{route.Communities}|{route.LargeCommunities}",
            Does.Match(@"^\|64512:1:\d+$")
        );

    /// <summary>RFC 8326 section 4.1: the route is a last resort in the whole AS, unless the neighbour's word is not to count.</summary>
    [Test]
    public async Task A_neighbour_that_shuts_down_gracefully_is_the_last_resort()
    {
        var leaving = Bird.Route(Family.Ipv4) with { Prefix = "10.210.0.0/16", Communities = GracefulShutdown };
        await Bird.Speaker.AnnounceAsync(leaving);
        await PreferenceAsync(leaving, 0);

        await ReloadAsync(Bird, "graceful-shutdown: { honor: false }");
        await PreferenceAsync(leaving, 100);

        await ReloadAsync(Bird);
        await Bird.Speaker.WithdrawAsync(leaving);
    }

    private Task PreferenceAsync(Route route, int preference) =>
        Eventually.HoldsAsync(
            async () => (await GoBgp.Speaker.ReceivedAsync(Family.Ipv4)).Where(route.IsSame).Select(held => held.LocalPreference),
            Is.EqualTo(new int?[] { preference }),
            () => _exchange.Logs(Bird, GoBgp)
        );

    /// <summary>With a key for one neighbour all routes of a member become something; without it they are as before.</summary>
    private async Task WithAsync(Member changed, string key, Member observer, Func<Route, string> part, IResolveConstraint expected)
    {
        await ReloadAsync(changed, key);
        await Eventually.HoldsAsync(
            async () => (await observer.Speaker.ReceivedAsync(Family.Ipv4)).Select(part),
            Has.Exactly(2).Items.And.All.Matches(expected.Resolve()),
            () => _exchange.Logs(observer)
        );

        await ReloadAsync(changed);
        await Eventually.HoldsAsync(
            () => ReflectorExchange.ReceivedAsync(observer, Family.Ipv4),
            Is.EquivalentTo(_exchange.Expected(observer, Family.Ipv4)),
            () => _exchange.Logs(observer)
        );
    }

    private Task ReloadAsync(Member changed, params string[] keys) =>
        _exchange.Reflector.ReloadAsync([
            .. _exchange.Reflector.Neighbors.Select(neighbor =>
                neighbor.Name == changed.Name
                    ? neighbor with
                    {
                        FurtherKeys = [.. ReflectorExchange.KeysOf(changed.Role), .. keys],
                    }
                    : neighbor
            ),
        ]);
}
