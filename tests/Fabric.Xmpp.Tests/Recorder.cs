using Fabric.Primitives;
using Fabric.Wire.Xmpp;

namespace Fabric.Xmpp.Tests;

/// <summary>Writes down what agents said, a line each.</summary>
internal sealed class Recorder : IAgentEffects
{
    public List<string> Lines { get; } = [];

    /// <summary>What a published route meets.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Gives the lines since the last call.</summary>
    public string[] Take()
    {
        string[] lines = [.. Lines];
        Lines.Clear();
        return lines;
    }

    public void Established(AgentPeer agent) => Lines.Add($"established {agent.Name}");

    public void Subscribed(AgentPeer agent, Subscription subscription) =>
        Lines.Add($"subscribed {subscription.Vrf} {subscription.InstanceId}{(subscription.NoRibOut ? " publish-only" : "")}");

    public void Unsubscribed(AgentPeer agent, Subscription subscription) => Lines.Add($"unsubscribed {subscription.Vrf}");

    public void RoutePublished(AgentPeer agent, Subscription subscription, UnicastItem item) =>
        Lines.Add(Fault is null ? $"published {subscription.Vrf} {item.Prefix}" : throw Fault);

    public void RouteWithdrawn(AgentPeer agent, Subscription subscription, AddressFamily family, IpPrefix prefix) =>
        Lines.Add($"withdrawn {subscription.Vrf} {prefix}");

    public void EndOfRibReceived(AgentPeer agent) => Lines.Add("end of rib");

    public void ConfigSubscribed(AgentPeer agent, string virtualRouter) => Lines.Add($"config {virtualRouter}");

    public void Down(AgentPeer agent, string reason) => Lines.Add($"down {reason}");

    public void MarkStale(AgentPeer agent) => Lines.Add("mark stale");

    public void SweepStale(AgentPeer agent) => Lines.Add("sweep stale");

    public void Removed(AgentPeer agent) => Lines.Add("removed");

    public void SetRestartTimer(AgentPeer agent, TimeSpan time) => Lines.Add($"restart timer {time.TotalSeconds}");

    public void CancelRestartTimer(AgentPeer agent) => Lines.Add("restart timer off");

    public void InputSkipped(AgentPeer agent, string reason) => Lines.Add($"skipped {reason}");
}
