using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;

namespace Fabric.Interop.Exchange;

/// <summary>What changes at one speaker while all sessions are up.</summary>
public sealed class ChangeTests
{
    private ReflectorExchange _exchange = null!;

    private static IEnumerable<TestCaseData> Sources =>
        Software.All.SelectMany(software => software.Originates.Select(f => Case(software, f)));

    private static IEnumerable<TestCaseData> Refreshes =>
        Software.All.Where(software => software.AsksForRefresh).SelectMany(software => software.Families.Select(f => Case(software, f)));

    private static TestCaseData Case(Software software, Family family) =>
        new TestCaseData(software.Name, family).SetArgDisplayNames($"{software}, {family}");

    [OneTimeSetUp]
    public async Task StartAsync() =>
        _exchange = await ReflectorExchange.StartAsync([.. Software.All.Select(software => (software, Role.Client))]);

    [OneTimeTearDown]
    public async Task EndAsync() => await _exchange.DisposeAsync();

    [TestCaseSource(nameof(Sources))]
    public async Task A_route_comes_to_all_is_replaced_and_goes(string name, int family)
    {
        var source = _exchange.Members.Single(member => member.Software.Name == name);
        var others = _exchange.Members.Where(member => member != source && member.Software.Families.Contains((Family)family)).ToList();
        var first = source.FurtherRoute((Family)family);
        var second = first with { MultiExitDisc = 7, Communities = "64512:777" };

        await source.Speaker.AnnounceAsync(first);
        await AllHoldAsync(others, source, first);

        await source.Speaker.AnnounceAsync(second);
        await AllHoldAsync(others, source, second);

        await source.Speaker.WithdrawAsync(second);
        foreach (var other in others)
        {
            var keeps = other.Software.KeepsWithdrawn.Contains((Family)family);
            await Eventually.HoldsAsync(
                () => SameAsync(other, second),
                keeps ? Has.Count.EqualTo(1) : Is.Empty,
                () => _exchange.Logs(source, other)
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

    private async Task AllHoldAsync(IEnumerable<Member> receivers, Member source, Route route)
    {
        foreach (var receiver in receivers)
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
