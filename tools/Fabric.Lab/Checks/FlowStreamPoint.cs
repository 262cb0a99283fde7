using Fabric.Lab.Machine;

namespace Fabric.Lab.Checks;

/// <summary>Point 10: what a security group decides is told by Kafka, with the rule, while one still looks.</summary>
internal sealed class FlowStreamPoint() : CheckPoint(10, "an allowed and a denied connection in fabric.flows within 2 s")
{
    private const int Allowed = 80;
    private const int Denied = 81;
    private const double MostSeconds = 2;

    // What is promised is the fabric's; the processor may be another's once or twice.
    private const int Tries = 3;

    public override async Task<string> RunAsync(CheckContext context)
    {
        var servers = context.Daemons.Kafka.Servers;
        using var consumer = await FlowConsumer.StartAsync(servers);
        var server = context.Guarded;
        using var listener = await TcpProbe.ServeAsync(server, Allowed, Denied);
        try
        {
            var allow = await RowAsync(context, consumer, Allowed, isAllowed: true);
            var deny = await RowAsync(context, consumer, Denied, isAllowed: false);
            var group = server.Definition.SecurityGroups[0];
            Require(
                allow.Rule.StartsWith($"{group}/", StringComparison.Ordinal) && deny.Rule == $"{group}/default-deny",
                $"the rows name the rules '{allow.Rule}' and '{deny.Rule}', not one of {group} and {group}/default-deny"
            );
            return $"allowed by {allow.Rule} after {allow.Seconds:0.00} s, denied by {deny.Rule} after {deny.Seconds:0.00} s, by kcat -b {servers}";
        }
        finally
        {
            listener.Kill();
        }
    }

    /// <summary>The row of a connection that is made for it: the first one in time, of so many tries.</summary>
    private static async Task<FlowRow> RowAsync(CheckContext context, FlowConsumer consumer, int port, bool isAllowed)
    {
        var (client, server) = (context.First, context.Guarded);
        var action = isAllowed ? "ALLOW" : "DENY";
        for (var tries = 1; ; tries++)
        {
            var since = DateTimeOffset.UtcNow;
            Require(
                await TcpProbe.AsksAsync(client, server, port) == isAllowed,
                $"tcp/{port} of {server.Definition.Name} {(isAllowed ? "does not answer" : "answers")} {client.Definition.Name}; see point 5"
            );
            var row = await FindAsync(context, consumer, port, action, since);
            if (row.Seconds <= MostSeconds)
            {
                return row;
            }

            Require(
                tries < Tries,
                $"the row {action} of {client.Definition.Name} to tcp/{port} of {server.Definition.Name} ({row.Rule}) came {row.Seconds:0.0} s after the connection, and late {Tries} times"
            );
        }
    }

    private static async Task<FlowRow> FindAsync(CheckContext context, FlowConsumer consumer, int port, string action, DateTimeOffset since)
    {
        var (client, server) = (context.First.Definition, context.Guarded.Definition);
        bool IsWanted(FlowRow row) =>
            row.Node == server.Host
            && row.Source == client.Address.ToString()
            && row.Destination == server.Address.ToString()
            && row.Port == port
            && row.Action == action
            && row.Started >= since;

        try
        {
            await Poll.UntilAsync("the row", () => consumer.Find(IsWanted) is not null);
        }
        catch (LabException exception)
        {
            throw new LabException(
                $"no row {action} of {client.Name} to tcp/{port} of {server.Name} came from Kafka; {await NextStepAsync(context, IsWanted)}",
                exception
            );
        }

        return consumer.Find(IsWanted)!;
    }

    // On its way a row is in the host's journal first.
    private static async Task<string> NextStepAsync(CheckContext context, Func<FlowRow, bool> isWanted)
    {
        var host = context.Guarded.Definition.Host;
        using var api = new HostApi(host);
        var rows = await api.FlowRowsAsync();
        return rows.Any(isWanted)
            ? $"the journal of {host} has it: see {context.Daemons.Kafka.Daemon.LogFile} and the stream's lines of {context.Paths.Directory(host)}/agent.log"
            : $"the journal of {host} has it neither: see tools/lab fabric flows --node {host}, and agent.log and dp.log in {context.Paths.Directory(host)}";
    }
}
