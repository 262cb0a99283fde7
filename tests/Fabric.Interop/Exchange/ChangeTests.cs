using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;

namespace Fabric.Interop.Exchange;

/// <summary>What changes at one speaker while all sessions are up; each has all roles, one after the other.</summary>
[TestFixture(0)]
[TestFixture(1)]
[TestFixture(2)]
public sealed class ChangeTests(int turn)
{
    private ReflectorExchange _exchange = null!;

    private static IEnumerable<string> Names => Software.All.Select(software => software.Name);

    private static IEnumerable<TestCaseData> Refreshes =>
        Software.All.Where(software => software.AsksForRefresh).SelectMany(software => software.Families.Select(f => Case(software, f)));

    private static TestCaseData Case(Software software, Family family) =>
        new TestCaseData(software.Name, family).SetArgDisplayNames($"{software}, {family}");

    [OneTimeSetUp]
    public async Task StartAsync() => _exchange = await ReflectorExchange.StartAsync(Software.InTurn(turn));

    [OneTimeTearDown]
    public async Task EndAsync() => await _exchange.DisposeAsync();

    [TestCaseSource(nameof(Names))]
    public async Task Routes_of_all_families_come_to_all_are_replaced_and_go(string name)
    {
        var source = _exchange.Members.Single(member => member.Software.Name == name);
        List<Route> first = [.. source.Software.OriginatesAs(source.Role).Select(source.FurtherRoute)];
        List<Route> second = [.. first.Select(route => route with { MultiExitDisc = 7, Communities = "64512:777" })];

        await EachAsync(first, source.Speaker.AnnounceAsync);
        await AllHoldAsync(source, first);

        await EachAsync(second, source.Speaker.AnnounceAsync);
        await AllHoldAsync(source, second);

        await EachAsync(second, source.Speaker.WithdrawAsync);
        foreach (var (receiver, route) in Receivers(source, second))
        {
            var keeps = receiver.Software.KeepsWithdrawn.Contains(route.Family);
            await Eventually.HoldsAsync(
                () => SameAsync(receiver, route),
                keeps ? Has.Count.EqualTo(1) : Is.Empty,
                () => _exchange.Logs(source, receiver)
            );
        }
    }

    [TestCaseSource(nameof(Refreshes))]
    public async Task A_speaker_that_asks_for_a_refresh_gets_all_routes_again(string name, int family)
    {
        var member = _exchange.Members.Single(member => member.Software.Name == name);
        await HoldsOthersAsync(member, (Family)family);
        var before = await member.Speaker.UpdatesReceivedAsync();

        await member.Speaker.RefreshAsync((Family)family);

        await Eventually.HoldsAsync(
            member.Speaker.UpdatesReceivedAsync,
            Is.GreaterThanOrEqualTo(before + _exchange.Expected(member, (Family)family).Count),
            () => _exchange.Logs(member)
        );
        await HoldsOthersAsync(member, (Family)family);
    }

    /// <summary>Besides, it may hold what it should not hold any more.</summary>
    private Task HoldsOthersAsync(Member member, Family family) =>
        Eventually.HoldsAsync(
            () => ReflectorExchange.ReceivedAsync(member, family),
            Is.SupersetOf(_exchange.Expected(member, family)),
            () => _exchange.Logs(member),
            _exchange.Settled
        );

    private static async Task EachAsync(IEnumerable<Route> routes, Func<Route, Task> change)
    {
        foreach (var route in routes)
        {
            await change(route);
        }
    }

    private IEnumerable<(Member Receiver, Route Route)> Receivers(Member source, IReadOnlyList<Route> routes) =>
        from receiver in _exchange.Members
        where Reflection.Reaches(source, receiver)
        from route in routes
        where receiver.Software.Families.Contains(route.Family)
        select (receiver, route);

    private async Task AllHoldAsync(Member source, IReadOnlyList<Route> routes)
    {
        foreach (var (receiver, route) in Receivers(source, routes))
        {
            await Eventually.HoldsAsync(
                () => SameAsync(receiver, route),
                Is.EqualTo([receiver.Speaker.AsShown(Reflection.Of(route, source, receiver, _exchange.Reflector))]),
                () => _exchange.Logs(source, receiver)
            );
        }
    }

    private static async Task<IReadOnlyList<Route>> SameAsync(Member receiver, Route route) =>
        [.. (await ReflectorExchange.ReceivedAsync(receiver, route.Family)).Where(route.IsSame)];
}
