using Fabric.Lab.Machine;

namespace Fabric.Lab.Checks;

/// <summary>Point 10: what a security group decides is told by Kafka, with the rule, while one still looks.</summary>
internal sealed class FlowStreamPoint() : CheckPoint(10, "an allowed and a denied connection in fabric.flows within 2 s")
{
    private const int Allowed = 80;
    private const int Denied = 81;
    private const double MostSeconds = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public override async Task<string> RunAsync(CheckContext context)
    {
        var servers = context.Daemons.Kafka.Servers;
        using var consumer = await FlowConsumer.StartAsync(servers);
        var server = context.Guarded;
        var started = DateTimeOffset.UtcNow;
        using var listener = await TcpProbe.ServeAsync(server, Allowed, Denied);
        try
        {
            Require(
                await TcpProbe.AsksAsync(context.First, server, Allowed),
                $"tcp/{Allowed} of {server.Definition.Name} does not answer {context.First.Definition.Name}; see point 5"
            );
            var allow = await FindAsync(context, consumer, Allowed, "ALLOW", started);
            Require(
                !await TcpProbe.AsksAsync(context.First, server, Denied),
                $"tcp/{Denied} of {server.Definition.Name} answers; see point 5"
            );
            var deny = await FindAsync(context, consumer, Denied, "DENY", started);
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
            await Poll.UntilAsync("the row", Patience, () => consumer.Find(IsWanted) is not null);
        }
        catch (LabException exception)
        {
            throw new LabException(
                $"no row {action} of {client.Name} to tcp/{port} of {server.Name} came from Kafka; {await NextStepAsync(context, IsWanted)}",
                exception
            );
        }

        var row = consumer.Find(IsWanted)!;
        Require(
            row.Seconds <= MostSeconds,
            $"the row {action} of {client.Name} to tcp/{port} of {server.Name} ({row.Rule}) came {row.Seconds:0.0} s after the connection"
        );
        return row;
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
