using Fabric.Analytics;
using Fabric.Simulation.Nodes;
using Fabric.Simulation.Packets;

namespace Fabric.Simulation.Checks;

/// <summary>
/// What probes sent since the last look: the rows of each host that a probe passed account for its two packets, and those of the host that denied it name
/// the rule. Shares nothing with the data planes' counters.
/// </summary>
internal sealed class ProbedSessions
{
    private const string NoRuleAllows = "default-deny";

    private sealed record Connection(SimHost Host, Probe Probe, SimVm From, SimVm To, string[]? DenyingGroups);

    private readonly List<Connection> _connections = [];

    /// <summary>The probe's packet passed these hosts, and the answer too.</summary>
    public void Delivered(Probe probe, SimVm from, SimVm to, params IEnumerable<SimHost> hosts) =>
        _connections.AddRange(hosts.Distinct().Select(host => new Connection(host, probe, from, to, DenyingGroups: null)));

    /// <summary>The probe's packet went no further than this host, where no rule of these groups allows it.</summary>
    public void Denied(Probe probe, SimVm from, SimVm to, SimHost host, string[] groups) =>
        _connections.Add(new Connection(host, probe, from, to, groups));

    /// <summary>Judges and forgets the probes. An agent or a data plane that died meanwhile took reports with it.</summary>
    public void Check()
    {
        foreach (var connections in _connections.Where(IsJudged).GroupBy(static connection => connection.Host))
        {
            var blocks = new BlockSessions(connections.Key.Sessions);
            var sessions = connections.Key.Sessions.All.ToLookup(static row => (row.Protocol, row.Initiator.Address, row.Initiator.Port));
            foreach (var connection in connections)
            {
                var rows = sessions[(connection.Probe.Protocol, connection.From.Address, connection.Probe.Identifier)]
                    .Where(row => row.Responder.Address == connection.To.Address)
                    .ToList();
                var isTold =
                    rows.Count == 0
                        ? connection.DenyingGroups is null
                            && blocks.TryTake(connection.From, connection.To)
                            && blocks.TryTake(connection.To, connection.From)
                        : rows.Count == 1 && IsTold(connection, rows[0]);
                if (!isTold)
                {
                    throw new SimulationException(
                        $"{connection.Host.Name} tells of {Describe(connection)} as [{string.Join("; ", rows)}]."
                    );
                }
            }
        }

        _connections.Clear();
    }

    private static bool IsJudged(Connection connection) => connection.Host.UndisturbedSince <= connection.Probe.StartedAt;

    private static bool IsTold(Connection connection, FlowRow row)
    {
        // The answer is as long as the request.
        var octets = (ulong)EndpointPackets.Request(connection.Probe, connection.From.Address.Ipv4).Length;
        return connection.DenyingGroups is { } groups
            ? row is { Action: FlowAction.Deny, Rule: NoRuleAllows } && groups.Contains(row.Policy)
            : row is { Action: FlowAction.Allow, SentPackets: 1, ReceivedPackets: 1 }
                && (row.SentBytes, row.ReceivedBytes) == (octets, octets);
    }

    private static string Describe(Connection connection) =>
        $"a {connection.Probe.Kind} ({connection.Probe.Identifier}) from {connection.From.Name} to {connection.To.Name}, at {connection.Probe.StartedAt}, "
        + (connection.DenyingGroups is { } groups ? $"denied by {string.Join(' ', groups)}," : "answered,");
}
