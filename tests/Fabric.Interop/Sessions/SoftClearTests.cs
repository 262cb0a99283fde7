using System.Text.Json.Nodes;
using Fabric.Interop.Exchange;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;
using NUnit.Framework.Constraints;

namespace Fabric.Interop.Sessions;

/// <summary>
/// The control node's operator has routes sent again, <c>fabric bgp clear NAME soft in|out</c>; the neighbours, each in one role or another, count what
/// they hear.
/// </summary>
public sealed class SoftClearTests
{
    private static readonly Family[] s_families = [Family.Ipv4, Family.Vpnv4];

    private static readonly (Software, Role)[] s_cast =
    [
        (Software.Frr, Role.NonClient),
        (Software.Bird, Role.External),
        (Software.OpenBgpd, Role.Client),
        (Software.GoBgp, Role.External),
        (Software.ExaBgp, Role.NonClient),
    ];

    private ReflectorExchange _exchange = null!;

    private static IEnumerable<string> Names => Software.All.Select(software => software.Name);

    [OneTimeSetUp]
    public async Task StartAsync() =>
        _exchange = await ReflectorExchange.StartAsync(
            s_cast,
            shape: neighbor => neighbor with { Families = s_families, RestartTime = 30 }
        );

    [OneTimeTearDown]
    public async Task EndAsync() => await _exchange.DisposeAsync();

    [TestCaseSource(nameof(Names))]
    public async Task A_soft_clear_in_asks_for_the_routes_again_and_they_are_the_same(string name)
    {
        var member = await SettledAsync(name);
        var (table, updates, asked) = (
            await TableAsync(member),
            await UpdatesFromAsync(member),
            await member.Speaker.RefreshesReceivedAsync()
        );

        await ClearAsync(member, "soft", "in");

        await EventuallyAsync(member, member.Speaker.RefreshesReceivedAsync, Is.GreaterThan(asked));
        var again = member.Software.AnswersRefresh ? member.Speaker.Originated.Count : 0;
        await EventuallyAsync(member, () => UpdatesFromAsync(member), Is.GreaterThanOrEqualTo(updates + again));
        await EventuallyAsync(member, () => TableAsync(member), Is.EqualTo(table));
    }

    [TestCaseSource(nameof(Names))]
    public async Task A_soft_clear_out_tells_the_routes_again_and_they_are_the_same(string name)
    {
        var member = await SettledAsync(name);
        var before = await member.Speaker.UpdatesReceivedAsync();

        await ClearAsync(member, "soft", "out");

        var again = s_families.Sum(family => _exchange.Expected(member, family).Count);
        await EventuallyAsync(member, member.Speaker.UpdatesReceivedAsync, Is.GreaterThanOrEqualTo(before + again));
        await SettledAsync(name);
    }

    /// <summary>The member with all that it is to hold, and the control node with all of the member's.</summary>
    private async Task<Member> SettledAsync(string name)
    {
        var member = _exchange.Members.Single(member => member.Software.Name == name);
        foreach (var family in s_families)
        {
            await EventuallyAsync(
                member,
                () => ReflectorExchange.ReceivedAsync(member, family),
                Is.EquivalentTo(_exchange.Expected(member, family))
            );
        }

        await EventuallyAsync(
            member,
            async () => (await NeighborAsync(member))["neighbor"]!["routes-received"]!.GetValue<int>(),
            Is.EqualTo(member.Speaker.Originated.Count)
        );
        return member;
    }

    private Task ClearAsync(Member member, params string[] how) => _exchange.Reflector.ShowAsync(["bgp", "clear", member.Name, .. how]);

    /// <summary>What the control node holds of a member.</summary>
    private Task<string> TableAsync(Member member) =>
        _exchange.Reflector.ShowAsync("bgp", "neighbor", member.Name, "received-routes", "--json");

    private async Task<long> UpdatesFromAsync(Member member) =>
        (await NeighborAsync(member))["messages"]!.AsArray().Single(count => (string)count!["type"]! == "Update")![
            "received"
        ]!.GetValue<long>();

    private async Task<JsonNode> NeighborAsync(Member member) =>
        JsonNode.Parse(await _exchange.Reflector.ShowAsync("bgp", "neighbor", member.Name, "--json"))!;

    private Task EventuallyAsync<T>(Member member, Func<Task<T>> ask, IResolveConstraint expected) =>
        Eventually.HoldsAsync(ask, expected, () => _exchange.Logs(member));
}
