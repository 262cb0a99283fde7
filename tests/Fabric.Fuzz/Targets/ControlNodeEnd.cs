using System.Buffers;
using System.Text;
using Fabric.Fuzz.Engine;
using Fabric.Primitives;
using Fabric.Wire.Xmpp;
using Fabric.Xmpp;
using Subscription = Fabric.Xmpp.Subscription;

namespace Fabric.Fuzz.Targets;

/// <summary>The control node's end of one agent's connection, with the record of what it heard and did.</summary>
internal sealed class ControlNodeEnd : IAgentEffects, IAgentSessionEffects
{
    public const string AgentName = "host7.example.net";

    private readonly NotificationEncoder _encoder = new();
    private bool _isSecuring;

    public ControlNodeEnd(bool requireTls)
    {
        Registry = new AgentRegistry(new XmppOptions { RequireTls = requireTls, MaximumStanzaBytes = 4096 }, this);
        Session = Registry.Accept(IpAddress.Parse("192.0.2.17"), this);
    }

    public AgentRegistry Registry { get; }

    public AgentSession Session { get; }

    public List<string> Log { get; } = [];

    /// <summary>Routes that made a path.</summary>
    public int Routes { get; private set; }

    public string? CloseReason { get; private set; }

    public int Receive(ReadOnlySpan<byte> bytes)
    {
        var consumed = Session.Receive(bytes);
        if (_isSecuring)
        {
            _isSecuring = false;
            Session.Secured([AgentName]);
        }

        return consumed;
    }

    void IAgentSessionEffects.Send(ReadOnlySpan<byte> bytes) => Log.Add($"send {Encoding.UTF8.GetString(bytes)}");

    void IAgentSessionEffects.StartTls() => _isSecuring = true;

    void IAgentSessionEffects.SetTimer(AgentSessionTimer timer, TimeSpan time) { }

    void IAgentSessionEffects.CancelTimer(AgentSessionTimer timer) { }

    void IAgentSessionEffects.Close(string reason)
    {
        CloseReason = reason;
        Log.Add($"close {reason}");
    }

    void IAgentEffects.Established(AgentPeer agent) => Log.Add($"established {agent.Name}");

    void IAgentEffects.Subscribed(AgentPeer agent, Subscription subscription) => Log.Add($"subscribed {subscription}");

    void IAgentEffects.Unsubscribed(AgentPeer agent, Subscription subscription) => Log.Add($"unsubscribed {subscription}");

    // As far as the control node carries it: to a path, to the item for other agents, and to its bytes.
    void IAgentEffects.RoutePublished(AgentPeer agent, Subscription subscription, UnicastItem item)
    {
        Log.Add($"published {subscription.Vrf} {item.Prefix}");
        if (RouteItemConverter.TryConvert(item, subscription.InstanceId, new AsNumber(64512), out var path) is not { } refusal)
        {
            Routes++;
            var told = RouteItemConverter.ToItem(
                item.Family,
                item.Prefix,
                [new ItemPath(path!.Attributes, path.Label, "net")],
                new AsNumber(64512)
            );
            var output = new ArrayBufferWriter<byte>();
            _encoder.Begin(item.Family, subscription.Vrf);
            _encoder.Add(told);
            _encoder.WriteFor(agent.Name, output);
            var stanza = new StanzaReader().Read(output.WrittenSpan);
            Invariant.Holds(stanza is NotificationStanza { Items: [{ Item: not null }] }, $"an item that no agent reads: {stanza}");
        }
        else
        {
            Invariant.Holds(refusal.Length > 0, "a refusal without words");
        }
    }

    void IAgentEffects.RouteWithdrawn(AgentPeer agent, Subscription subscription, AddressFamily family, IpPrefix prefix) =>
        Log.Add($"withdrawn {subscription.Vrf} {family} {prefix}");

    void IAgentEffects.EndOfRibReceived(AgentPeer agent) => Log.Add("end of rib");

    void IAgentEffects.ConfigSubscribed(AgentPeer agent, string virtualRouter) => Log.Add($"config {virtualRouter}");

    void IAgentEffects.Down(AgentPeer agent, string reason) => Log.Add($"down {reason}");

    void IAgentEffects.MarkStale(AgentPeer agent) => Log.Add("mark stale");

    void IAgentEffects.SweepStale(AgentPeer agent) => Log.Add("sweep stale");

    void IAgentEffects.Removed(AgentPeer agent) => Log.Add("removed");

    void IAgentEffects.SetRestartTimer(AgentPeer agent, TimeSpan time) { }

    void IAgentEffects.CancelRestartTimer(AgentPeer agent) { }

    void IAgentEffects.InputSkipped(AgentPeer agent, string reason) => Log.Add($"skipped {reason}");
}
