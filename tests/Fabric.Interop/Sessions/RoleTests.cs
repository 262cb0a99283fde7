using Fabric.Interop.Exchange;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;

namespace Fabric.Interop.Sessions;

/// <summary>What two ASes say to each other of who they are: roles (RFC 9234), and the number of an AS that moves (RFC 7705).</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RoleTests : IAsyncDisposable
{
    private const uint FormerAs = 64999;

    private ReflectorExchange? _exchange;

    private static IEnumerable<TestCaseData> Speakers =>
        new[] { Software.Frr, Software.Bird }.Select(software => new TestCaseData(software).SetArgDisplayNames(software.Name));

    public ValueTask DisposeAsync() => _exchange?.DisposeAsync() ?? ValueTask.CompletedTask;

    [TestCaseSource(nameof(Speakers))]
    public async Task A_customer_gets_routes_that_say_that_they_are_for_customers_only(object software)
    {
        var member = await StartAsync((Software)software, neighbor => neighbor with { LocalRole = "customer" }, "role: provider");

        await Eventually.HoldsAsync(
            async () => (await member.Speaker.ReceivedAsync(Family.Ipv4)).Select(route => route.OnlyToCustomer),
            Is.EqualTo(new long?[] { ReflectorExchange.As }),
            () => _exchange!.Logs(member)
        );
    }

    [TestCaseSource(nameof(Speakers))]
    public async Task Two_providers_of_each_other_have_no_session(object software)
    {
        var member = await StartAsync((Software)software, neighbor => neighbor with { LocalRole = "provider" }, "role: provider");

        await Eventually.HoldsAsync(
            () => Task.FromResult(_exchange!.Reflector.FullLog),
            Does.Match($"{member.Name} came about: .*role mismatch").IgnoreCase,
            () => _exchange!.Logs(member)
        );
        // Both find the same fault; FRR does not say which one.
        await Eventually.HoldsAsync(
            () => Task.FromResult(member.Speaker.FullLog),
            Does.Contain("Role mismatch (provider)").Or.Contains("BGP OPEN receipt failed"),
            () => _exchange!.Logs(member)
        );
    }

    [TestCaseSource(nameof(Speakers))]
    public async Task A_neighbour_that_still_knows_the_former_AS_sees_it_alone_or_in_front_of_the_new_one(object software)
    {
        var member = await StartAsync(
            (Software)software,
            neighbor => neighbor with { As = FormerAs },
            $"local-as: {{ number: {FormerAs}, replace-as: true }}"
        );
        await PathIsAsync(member, $"{FormerAs}");

        await _exchange!.Reflector.ReloadAsync([
            .. _exchange.Reflector.Neighbors.Select(neighbor =>
                neighbor.Name == member.Name
                    ? neighbor with
                    {
                        FurtherKeys = [.. ReflectorExchange.KeysOf(Role.External), $"local-as: {{ number: {FormerAs} }}"],
                    }
                    : neighbor
            ),
        ]);

        await PathIsAsync(member, $"{FormerAs} {ReflectorExchange.As}");
    }

    /// <summary>A neighbour in another AS with what it knows of the control node, which has these keys for it, and one with a route for it.</summary>
    private async Task<Member> StartAsync(Software software, Func<Neighbor, Neighbor> knows, params string[] keys)
    {
        var knowing = software with { Make = (node, number, neighbors) => software.Make(node, number, [.. neighbors.Select(knows)]) };
        _exchange = await ReflectorExchange.StartAsync(
            [(knowing, Role.External), (Software.GoBgp, Role.Client)],
            shape: neighbor =>
                neighbor with
                {
                    Families = [Family.Ipv4],
                    FurtherKeys = neighbor.Name.StartsWith(software.Name, StringComparison.Ordinal)
                        ? [.. neighbor.FurtherKeys, .. keys]
                        : neighbor.FurtherKeys,
                }
        );
        return _exchange.Members[0];
    }

    private Task PathIsAsync(Member member, string path) =>
        Eventually.HoldsAsync(
            async () => (await member.Speaker.ReceivedAsync(Family.Ipv4)).Select(route => route.AsPath),
            Is.EqualTo([path]),
            () => _exchange!.Logs(member)
        );
}
