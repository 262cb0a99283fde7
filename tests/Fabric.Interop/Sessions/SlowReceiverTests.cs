using System.Text.Json.Nodes;
using Fabric.Interop.Exchange;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;

namespace Fabric.Interop.Sessions;

/// <summary>
/// A neighbour keeps its session up and reads nothing. What it is to be told stays in the RIB, where a later state takes the place of an earlier one:
/// the others hear each change at once, and it hears the last one when it reads again.
/// </summary>
public sealed class SlowReceiverTests
{
    private const int Routes = 2000;
    private const int Rounds = 20;

    // What a connection takes before routes wait: 256 KiB of the control node's, and what the kernel holds for it (tcp_wmem); a route is a message of 1.1 kB.
    private const int MostMessagesOnTheWay = 12_000;

    private readonly List<LanNode> _nodes = [];
    private ReflectorExchange _exchange = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _exchange = await ReflectorExchange.StartAsync([(Software.Bird, Role.Client)], AddInjectorsAsync);

    [OneTimeTearDown]
    public async Task EndAsync() => await _exchange.DisposeAsync();

    [Test]
    public async Task One_that_reads_nothing_holds_up_nobody_and_gets_what_is_last_when_it_reads_again()
    {
        using var sender = await ConnectAsync(0);
        using var reader = await ConnectAsync(1);
        using var slow = await ConnectAsync(2, receiveBuffer: 4096);
        slow.StopReading();

        for (var round = 1; round <= Rounds; round++)
        {
            await SayAllAsync(sender, round);
            await HasHeardAsync(reader, round);
        }

        var bird = _exchange.Of(Software.Bird);
        await Eventually.HoldsAsync(
            async () => (await bird.Speaker.ReceivedAsync(Family.Ipv4)).Count(route => route.MultiExitDisc == Rounds),
            Is.EqualTo(Routes),
            () => _exchange.Logs(bird)
        );
        Assert.That(await UpdatesSentAsync(_nodes[1]), Is.GreaterThanOrEqualTo(Routes * Rounds / 2));
        Assert.That(await UpdatesSentAsync(_nodes[2]), Is.LessThan(MostMessagesOnTheWay));

        slow.ReadOn();

        await HasHeardAsync(slow, Rounds);
        Assert.That(
            await UpdatesSentAsync(_nodes[2]),
            Is.LessThan(MostMessagesOnTheWay + Routes),
            "what it missed was never made into messages"
        );
        Assert.That(slow.Ended, Is.Empty);
    }

    private async Task<IReadOnlyList<Neighbor>> AddInjectorsAsync(Lan lan, LanNode center)
    {
        foreach (var name in new[] { "sender", "reader", "slow" })
        {
            _nodes.Add(await lan.AddAsync(name));
        }

        return _nodes.ConvertAll(node => new Neighbor(node.Name, node.Address, ReflectorExchange.As, [Family.Ipv4])
        {
            IsPassive = true,
            IsClient = true,
        });
    }

    private Task<Injector> ConnectAsync(int number, int? receiveBuffer = null) =>
        Injector.ConnectAsync(_nodes[number], _exchange.Reflector.Node.Address, (ushort)ReflectorExchange.As, receiveBuffer: receiveBuffer);

    /// <summary>Each route with attributes of its own, 250 communities among them, and the round as its MED.</summary>
    private static async Task SayAllAsync(Injector sender, int round)
    {
        for (var route = 0; route < Routes; route++)
        {
            var communities = string.Concat(Enumerable.Range(0, 250).Select(i => $"{route:x4}{i:x4}"));
            await sender.UpdateAsync(
                $"40010100400200400304{0x0a070901:x8}800404{round:x8}40050400000064d00803e8{communities}",
                Prefix(route)
            );
        }
    }

    private static string Prefix(int route) => $"180b{route:x4}";

    private Task HasHeardAsync(Injector injector, int round) =>
        Eventually.HoldsAsync(
            () =>
                Task.FromResult(
                    injector.Heard.Count(heard => heard.Value == round && heard.Key.StartsWith("180b", StringComparison.Ordinal))
                ),
            Is.EqualTo(Routes),
            () => _exchange.Reflector.Log
        );

    private async Task<long> UpdatesSentAsync(LanNode node) =>
        JsonNode.Parse(await _exchange.Reflector.ShowAsync("bgp", "neighbor", node.Name, "--json"))!["messages"]!
            .AsArray()
            .Single(count => (string)count!["type"]! == "Update")!["sent"]!.GetValue<long>();
}
