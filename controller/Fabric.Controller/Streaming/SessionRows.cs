using Fabric.Analytics;
using Fabric.Bgp;
using Fabric.Controller.Bgp;
using Fabric.Streaming;
using Fabric.Xmpp;

namespace Fabric.Controller.Streaming;

/// <summary>Rows of fabric.sessions, and the alarms of sessions that are down. Called on the routing loop.</summary>
internal sealed class SessionRows(Func<IStreamEvent, bool> publish, AlarmBoard alarms)
{
    private const string Established = "Established";
    private const string BgpDown = "bgp-session-down";
    private const string AgentAway = "agent-away";
    private const string AgentWithoutPort = "agent-without-port";

    /// <param name="left">The state before.</param>
    /// <param name="end">How it was left for Idle; null: the session is established.</param>
    public void Changed(BgpNeighbor neighbor, SessionState left, SessionEnd? end)
    {
        var name = neighbor.Intent.Name;
        var row = Row(SessionProtocol.Bgp, name, neighbor.Intent.Address.ToString(), end?.Reason);
        row.PeerAs = neighbor.Intent.Settings.AsNumber.Value;
        row.OldState = left.ToString();
        row.FailedAttempts = (ulong)neighbor.Peer.FailedAttempts;
        row.NewState = end is null ? Established : "Idle";
        if (end?.Notification is { } notification)
        {
            row.NotificationCode = (uint)notification.Code;
            row.NotificationSubcode = notification.Subcode;
            row.SentByUs = end.NotificationSent;
        }

        publish(row);
        if (end is null)
        {
            alarms.Clear(BgpDown, name, $"the session with {name} is established");
        }
        else
        {
            alarms.Raise(
                BgpDown,
                name,
                AlarmSeverity.Major,
                left == SessionState.Established
                    ? $"the session with {name} is down: {end.Reason}"
                    : $"no session with {name} comes about: {end.Reason}",
                $"fabric bgp neighbor {name}"
            );
        }
    }

    /// <summary>Nobody waits for a neighbour that the operator has taken away or down. One that was changed is waited for.</summary>
    public void Stopped(BgpNeighbor neighbor, StopReason reason)
    {
        var name = neighbor.Intent.Name;
        if (reason is StopReason.PeerDeconfigured)
        {
            alarms.Clear(BgpDown, name, $"{name} is no neighbour any more");
        }
        else if (reason is StopReason.AdministrativeShutdown)
        {
            alarms.Clear(BgpDown, name, $"{name} was shut down by configuration");
        }
    }

    public void Changed(AgentPeer agent, string? downReason)
    {
        var row = Row(SessionProtocol.Xmpp, agent.Name, agent.Address.ToString(), downReason);
        row.OldState = downReason is null ? "Connecting" : Established;
        row.NewState = downReason is null ? Established : "Closed";
        publish(row);
        if (downReason is null)
        {
            alarms.Clear(AgentAway, agent.Name, $"{agent.Name} is connected");
        }
        else
        {
            alarms.Raise(
                AgentAway,
                agent.Name,
                AlarmSeverity.Major,
                $"{agent.Name} is not connected: {downReason}",
                "see fabric-agent's log on that host"
            );
        }
    }

    /// <summary>Without a VRF: none is asked for any more that the agent may not be in.</summary>
    public void WaitsTooLong(AgentPeer agent, string? vrf)
    {
        if (vrf is null)
        {
            alarms.Clear(AgentWithoutPort, agent.Name, $"{agent.Name} asks for no VRF any more in which its host has no port");
        }
        else
        {
            alarms.Raise(
                AgentWithoutPort,
                agent.Name,
                AlarmSeverity.Major,
                $"{agent.Name} asks for {vrf}, in which its host has no port: it is told nothing of it, and nothing that it says there counts",
                "bind the port to the host if it belongs there; else see what asks on that host, it may have been taken over"
            );
        }
    }

    private static SessionEvent Row(SessionProtocol protocol, string peer, string address, string? downReason) =>
        new()
        {
            Protocol = protocol,
            Peer = peer,
            PeerAddress = address,
            Established = downReason is null,
            Reason = downReason ?? "",
        };
}
