using Fabric.Analytics;
using Fabric.Datapath;
using Fabric.Primitives;
using Fabric.Simulation.Nodes;
using FlowAction = Fabric.Analytics.FlowAction;

namespace Fabric.Simulation.Checks;

/// <summary>
/// Rows of sessions account for packets: those of sessions that go on are what the data plane's flows have counted, no more and no less. An agent or a
/// data plane that dies takes reports with it, so only sessions that began later are judged.
/// </summary>
internal static class SessionChecks
{
    private const int SessionShift = 24;

    /// <summary>In a fabric at rest, so that no report is under way.</summary>
    public static void Run(IReadOnlyList<SimHost> hosts)
    {
        foreach (var host in hosts)
        {
            Differences.Throw(
                $"sessions of {host.Name} in its rows",
                Flows(host),
                [
                    .. host
                        .Sessions.All.Where(row => row.Event != FlowEvent.End && IsJudged(host, row.Session))
                        .Select(static row =>
                            Describe(
                                row.Session,
                                row.Initiator.Address,
                                row.Responder.Address,
                                row.Action == FlowAction.Deny,
                                row.Policy is null ? null : $"{row.Policy}/{row.Rule}",
                                (row.SentPackets, row.SentBytes),
                                (row.ReceivedPackets, row.ReceivedBytes)
                            )
                        ),
                ]
            );
        }
    }

    private static HashSet<string> Flows(SimHost host)
    {
        HashSet<string> sessions = [];
        var flows = host.Datapath!.Flows;
        for (var slot = 0; slot < flows.Capacity; slot++)
        {
            ref readonly var flow = ref flows[slot];
            if (!flow.InUse || flow.Key.IsWide || (!flow.IsInitiator && flow.Reverse >= 0))
            {
                continue;
            }

            var session = SessionReports.NumberOf(slot, flow.CreatedAt);
            if (IsJudged(host, session))
            {
                var answers = flow.Reverse < 0 ? default : flows[flow.Reverse];
                sessions.Add(
                    Describe(
                        session,
                        IpAddress.FromIpv4(flow.Key.Source),
                        IpAddress.FromIpv4(flow.Key.Destination),
                        flow.Action == Datapath.FlowAction.Drop,
                        flows.RuleOf(flow.Rule),
                        ((ulong)flow.Packets, (ulong)flow.Bytes),
                        ((ulong)answers.Packets, (ulong)answers.Bytes)
                    )
                );
            }
        }

        return sessions;
    }

    private static string Describe(
        ulong session,
        IpAddress initiator,
        IpAddress responder,
        bool isDenied,
        string? rule,
        (ulong Packets, ulong Bytes) sent,
        (ulong Packets, ulong Bytes) received
    ) => $"{session:x} {initiator} to {responder} {(isDenied ? "denied" : "allowed")} by {rule}: sent {sent}, received {received}";

    // The upper bits of its number are the milliseconds of the simulation at which it began.
    private static bool IsJudged(SimHost host, ulong session) =>
        host.UndisturbedSince is { } since && session >> SessionShift >= since.TotalMilliseconds;
}
