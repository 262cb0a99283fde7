using System.Globalization;
using System.Text.RegularExpressions;
using Fabric.Lab.Machine;

namespace Fabric.Lab.Checks;

/// <summary>Point 8: agent and control node crash and come back; packets, new connections, labels and routes do not notice.</summary>
internal sealed partial class RestartPoint() : CheckPoint(8, "crashes of agent and control node disturb nothing")
{
    public override async Task<string> RunAsync(CheckContext context)
    {
        using var server = await TcpProbe.ServeAsync(context.Guarded, 80);
        try
        {
            var agent = await UndisturbedAsync(context, "agent", () => AgentAsync(context));
            var control = await UndisturbedAsync(context, "control node", () => ControlNodeAsync(context));
            return $"agent: {agent}; control node: {control}; labels and RDs the same";
        }
        finally
        {
            server.Kill();
        }
    }

    private static async Task<string> AgentAsync(CheckContext context)
    {
        var host = context.First.Definition.Host;
        var agent = context.Daemons.Find($"{host}/agent");
        using var control = new ControlNodeApi(context.Lab.ControlNodes[0].Name);
        await agent.StopAsync("KILL");
        try
        {
            var network = context.First.Definition.Network;
            var prefix = $"{context.First.Definition.Address}/32";
            await Poll.UntilAsync(
                $"{prefix} to be stale in the control node",
                async () => (await control.RoutesAsync(network)).Any(route => route.Prefix == prefix && route.Stale)
            );
            await NewConnectionsAsync(context);
        }
        finally
        {
            await agent.StartAsync();
        }

        await Poll.UntilAsync($"{agent.Name} to be back and the stale routes refreshed", () => NothingStaleAsync(context, control));
        return host;
    }

    private static async Task<string> ControlNodeAsync(CheckContext context)
    {
        var node = context.Lab.ControlNodes[0];
        var daemon = context.Daemons.Find($"{node.Name}/control");
        var paths = await PathsAsync(context);
        await daemon.StopAsync("KILL");
        try
        {
            await Poll.UntilAsync(
                "FRR to keep its routes as stale",
                async () => (await PathsAsync(context)) is var kept && kept.Count == paths.Count && kept.All(path => path.Stale)
            );
            await NewConnectionsAsync(context);
        }
        finally
        {
            await daemon.StartAsync();
        }

        using var control = new ControlNodeApi(node.Name);
        await Poll.UntilAsync($"{node.Name}'s API", control.AnswersAsync);
        foreach (var network in context.Lab.Networks)
        {
            // Fails when the network is not there: the configuration comes from disk.
            await control.RouteTargetAsync(network.Name);
        }

        await Poll.UntilAsync(
            "FRR's routes to be refreshed",
            async () => (await PathsAsync(context)) is var fresh && fresh.Count == paths.Count && !fresh.Any(path => path.Stale)
        );
        await Poll.UntilAsync($"{node.Name} to have no stale route", () => NothingStaleAsync(context, control));
        return node.Name;
    }

    /// <summary>Pings across hosts all the while, and compares what FRR has before and after.</summary>
    private static async Task<string> UndisturbedAsync(CheckContext context, string what, Func<Task<string>> crash)
    {
        var before = Names(await PathsAsync(context));
        using var ping = context.First.Namespace.Start("ping", "-n", "-i", "0.05", context.Remote.Definition.Address.ToString());
        var said = ping.StandardOutput.ReadToEndAsync();
        string name;
        try
        {
            name = await crash();
        }
        finally
        {
            await Command.RunAsync("kill", "-INT", ping.Id.ToString(CultureInfo.InvariantCulture));
        }

        var output = await said;
        var answered = Answers().Matches(output).Select(answer => Count(answer, "sequence")).ToHashSet();
        var counts = PingCounts().Match(output);
        Require(counts.Success && answered.Count > 0, $"ping said '{output.Trim()}'");
        // That to the last one may have been on its way when ping was told to end.
        var sent = Count(counts, "sent");
        var lost = Enumerable.Range(1, sent - 1).Except(answered).Count();
        Require(lost == 0, $"while the {what} was away, {lost} of {sent} pings were not answered");
        var after = Names(await PathsAsync(context));
        Require(
            before.SetEquals(after),
            $"after the crash of the {what} FRR has {string.Join(", ", after)}, before {string.Join(", ", before)}"
        );
        return $"{name} killed and back, {answered.Count} of {sent} pings answered";
    }

    private static async Task NewConnectionsAsync(CheckContext context)
    {
        Require(await TcpProbe.AsksAsync(context.First, context.Guarded, 80), "a new connection across hosts does not come up");
        Require(await context.Neighbour.PingsAsync(context.Remote.Definition.Address.ToString()), "a new flow across hosts does not pass");
        Require(await context.First.PingsAsync(context.Neighbour.Definition.Address.ToString()), "a new flow on the host does not pass");
    }

    private static async Task<bool> NothingStaleAsync(CheckContext context, ControlNodeApi control)
    {
        foreach (var network in context.Lab.Networks)
        {
            var routes = await control.RoutesAsync(network.Name);
            var expected = context
                .Lab.Machines.Where(machine => machine.Network == network.Name)
                .Select(machine => $"{machine.Address}/32");
            if (routes.Any(route => route.Stale) || expected.Any(prefix => routes.All(route => route.Prefix != prefix)))
            {
                return false;
            }
        }

        return true;
    }

    private static async Task<IReadOnlyList<FrrPath>> PathsAsync(CheckContext context)
    {
        var paths = new List<FrrPath>();
        foreach (var machine in context.Lab.Machines)
        {
            paths.AddRange(await context.Frr.PathsAsync($"{machine.Address}/32"));
        }

        return paths;
    }

    private static HashSet<string> Names(IEnumerable<FrrPath> paths) =>
        paths.Select(path => $"{path.RouteDistinguisher} label {path.Label} via {path.NextHop}").ToHashSet(StringComparer.Ordinal);

    private static int Count(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"bytes from .* icmp_seq=(?<sequence>\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Answers();

    [GeneratedRegex(@"(?<sent>\d+) packets transmitted", RegexOptions.ExplicitCapture)]
    private static partial Regex PingCounts();
}
