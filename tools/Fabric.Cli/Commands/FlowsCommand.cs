using System.CommandLine;
using System.Text.Json;
using Fabric.Cli.Nodes;
using Fabric.Cli.Output;

namespace Fabric.Cli.Commands;

/// <summary>flows: the flow tables of the data planes, once or as they change.</summary>
internal static class FlowsCommand
{
    private const string Path = "/inspect/flows?limit=100000";

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private static readonly Option<bool> s_dropped = new("--dropped") { Description = "Only flows whose packets are dropped." };

    private static readonly Option<bool> s_follow = new("--follow", "-f")
    {
        Description = "Print new flows, and those with a new verdict, every second until interrupted; with --json one flow a line.",
    };

    public static Command Create(TimeProvider time) =>
        CliContext.Action(
            new Command("flows", "List the flows of each host, with the reason and the rule where packets are dropped.")
            {
                s_dropped,
                s_follow,
            },
            context => context.Parsed.GetValue(s_follow) ? FollowAsync(context, time) : ListAsync(context)
        );

    private static async Task ListAsync(CliContext context)
    {
        var isDropped = context.Parsed.GetValue(s_dropped);
        await context.PrintPerNodeAsync(
            NodeRole.Datapath,
            async client =>
            {
                var flows = await client.GetAsync(Path);
                return new NodeAnswer(isDropped ? OnlyDropped(flows) : flows, FlowTable.Of(flows, isDropped));
            }
        );
    }

    private static JsonElement OnlyDropped(JsonElement flows)
    {
        List<JsonElement> items = [.. FlowTable.Select(flows, isDropped: true)];
        return JsonSerializer.SerializeToElement(new Dictionary<string, object> { ["items"] = items, ["total"] = items.Count });
    }

    private static async Task FollowAsync(CliContext context, TimeProvider time)
    {
        var isDropped = context.Parsed.GetValue(s_dropped);
        var clients = context
            .Nodes.Every(NodeRole.Datapath, context.Node)
            .Select(client => (Client: client, Follower: new FlowFollower()))
            .ToList();
        while (true)
        {
            foreach (var (client, follower) in clients)
            {
                foreach (var flow in follower.News(FlowTable.Select(await client.GetAsync(Path), isDropped)))
                {
                    context.Print(context.Json ? Line(client.Node, flow) : $"-- {client.Node}\n{FlowTable.Entry(flow)}");
                }
            }

            await Task.Delay(s_interval, time, context.Cancellation);
        }
    }

    private static string Line(string node, JsonElement flow) =>
        JsonSerializer.Serialize(new Dictionary<string, object>(StringComparer.Ordinal) { ["node"] = node, ["flow"] = flow });
}
