using System.Buffers;
using Fabric.Primitives;
using Fabric.Wire.Xmpp;

namespace Fabric.Xmpp;

/// <summary>
/// An agent by its name: its subscriptions, which outlive a session by the restart time, and the reading of what it says.
/// <code>
///   established --session lost--> away (all stale) --restart time over--> removed
///        ^                           | session back
///        |--End-of-RIB, or time over-- restarting: what is asked and published anew is fresh; then the stale rest is swept
/// </code>
/// </summary>
public sealed class AgentPeer
{
    private readonly AgentRegistry _registry;
    private readonly Dictionary<string, Subscription> _subscriptions = [];
    private readonly HashSet<string> _staleVrfs = [];
    private readonly ArrayBufferWriter<byte> _output = new();
    private PublishStanza? _pending;
    private ulong _pendingGeneration;

    internal AgentPeer(AgentRegistry registry, string name, IpAddress address)
    {
        _registry = registry;
        Name = name;
        Address = address;
    }

    public string Name { get; }

    public IpAddress Address { get; }

    public bool IsEstablished => Session is not null;

    /// <summary>Whether the agent has stale state: it is away, or came back and has not yet sent its End-of-RIB.</summary>
    public bool IsRestarting { get; private set; }

    public IReadOnlyCollection<Subscription> Subscriptions => _subscriptions.Values;

    internal AgentSession? Session { get; private set; }

    private IAgentEffects Effects => _registry.Effects;

    /// <summary>Sends bytes that are stanzas, as <see cref="NotificationEncoder"/> makes them; nothing while the agent is away.</summary>
    public void Send(ReadOnlySpan<byte> stanzas) => Session?.Send(stanzas);

    /// <summary>Says that all routes of the VRFs subscribed so far have been sent.</summary>
    public void SendEndOfRib()
    {
        _output.ResetWrittenCount();
        new EndOfRibStanza { From = XmppNames.ControlNode, To = Name + XmppNames.RouteResource }.Write(_output);
        Send(_output.WrittenSpan);
    }

    /// <summary>Sends a change of the host's view; objects are node elements of the model.</summary>
    public void SendConfig(ulong generation, ReadOnlySpan<ReadOnlyMemory<byte>> updates, ReadOnlySpan<ReadOnlyMemory<byte>> deletes)
    {
        _output.ResetWrittenCount();
        ConfigWriter.WriteChange(_output, XmppNames.VirtualRouter(Name), generation, updates, deletes);
        Send(_output.WrittenSpan);
    }

    /// <summary>Says that the view is whole at the generation.</summary>
    public void SendEndOfConfig(ulong generation)
    {
        _output.ResetWrittenCount();
        ConfigWriter.WriteEnd(_output, XmppNames.VirtualRouter(Name), generation);
        Send(_output.WrittenSpan);
    }

    internal void Attach(AgentSession session)
    {
        Session = session;
        Effects.Established(this);
        if (IsRestarting)
        {
            Effects.SetRestartTimer(this, _registry.Options.RestartTime);
        }
    }

    internal void Detach(string reason)
    {
        Session = null;
        _pending = null;
        Effects.Down(this, reason);
        if (_registry.Options.RestartTime <= TimeSpan.Zero)
        {
            Remove();
            return;
        }

        // What an earlier loss left stale is not kept for a second time (RFC 4724 section 4.2).
        if (IsRestarting)
        {
            Sweep();
        }

        IsRestarting = true;
        _staleVrfs.UnionWith(_subscriptions.Keys);
        Effects.MarkStale(this);
        Effects.SetRestartTimer(this, _registry.Options.RestartTime);
    }

    /// <summary>The agent stayed away too long, or came back and never said that it is done.</summary>
    internal void RestartTimeOver()
    {
        if (!IsRestarting)
        {
            return;
        }

        if (IsEstablished)
        {
            Sweep();
        }
        else
        {
            Remove();
        }
    }

    internal void Remove()
    {
        Effects.CancelRestartTimer(this);
        foreach (var subscription in _subscriptions.Values)
        {
            Effects.Unsubscribed(this, subscription);
        }

        _subscriptions.Clear();
        _staleVrfs.Clear();
        IsRestarting = false;
        _registry.Forget(this);
        Effects.Removed(this);
    }

    /// <summary>Takes a stanza of the established session. Gives in words why the session cannot go on, or null.</summary>
    internal string? Handle(Stanza stanza)
    {
        switch (stanza)
        {
            case SubscribeStanza subscribe:
                return Subscribe(subscribe);
            case UnsubscribeStanza unsubscribe:
                return Unsubscribe(unsubscribe.Vrf);
            case PublishStanza publish:
                _pending = publish;
                _pendingGeneration = _registry.Generation;
                return null;
            case CollectionStanza collection:
                return Collect(collection);
            case EndOfRibStanza:
                if (IsRestarting)
                {
                    Effects.CancelRestartTimer(this);
                    Sweep();
                }

                Effects.EndOfRibReceived(this);
                return null;
            case ConfigSubscribeStanza config:
                SubscribeConfig(config.Node);
                return null;
            default:
                return null;
        }
    }

    /// <summary>Asking twice for the same changes nothing; asking for something else under the same name begins anew.</summary>
    private string? Subscribe(SubscribeStanza stanza)
    {
        if (stanza.Vrf.Length > _registry.Options.MaximumNameLength)
        {
            return $"a VRF's name of {stanza.Vrf.Length} characters, of {_registry.Options.MaximumNameLength} at most";
        }

        var wasStale = _staleVrfs.Remove(stanza.Vrf);
        if (_subscriptions.TryGetValue(stanza.Vrf, out var earlier))
        {
            var isSame = earlier.InstanceId == stanza.InstanceId && earlier.NoRibOut == stanza.NoRibOut;
            if (isSame && !wasStale)
            {
                return null;
            }

            if (!isSame)
            {
                Effects.Unsubscribed(this, earlier);
            }
        }
        else if (_subscriptions.Count >= _registry.Options.MaximumSubscriptions)
        {
            return $"more than {_registry.Options.MaximumSubscriptions} subscriptions";
        }

        var subscription = new Subscription(stanza.Vrf, stanza.InstanceId, stanza.NoRibOut, _registry.NextGeneration());
        _subscriptions[stanza.Vrf] = subscription;
        Effects.Subscribed(this, subscription);
        return null;
    }

    private string? Unsubscribe(string vrf)
    {
        _staleVrfs.Remove(vrf);
        if (!_subscriptions.Remove(vrf, out var subscription))
        {
            return $"unsubscribe from {vrf}, to which it has not subscribed";
        }

        Effects.Unsubscribed(this, subscription);
        return null;
    }

    private string? Collect(CollectionStanza collection)
    {
        if (_pending is not { } publish)
        {
            return "collection without a publish before it";
        }

        _pending = null;
        if (publish.Node != collection.Node)
        {
            Effects.InputSkipped(this, $"publish of {publish.Node} and collection of {collection.Node} are no pair");
            return null;
        }

        if (!_subscriptions.TryGetValue(collection.Vrf, out var subscription) || _staleVrfs.Contains(collection.Vrf))
        {
            return $"route {collection.Node} in {collection.Vrf}, to which it has not subscribed";
        }

        if (subscription.Generation > _pendingGeneration)
        {
            Effects.InputSkipped(this, $"route {publish.Node} was published before its subscription");
        }
        else if (publish.Item is not { } item)
        {
            Effects.InputSkipped(this, $"route {publish.Node}: {publish.ItemFault}");
        }
        else if (collection.IsAssociate)
        {
            Effects.RoutePublished(this, subscription, item);
        }
        else
        {
            Effects.RouteWithdrawn(this, subscription, item.Family, item.Prefix);
        }

        return null;
    }

    /// <summary>An agent is given its own host's configuration and no other.</summary>
    private void SubscribeConfig(string node)
    {
        if (!node.StartsWith(XmppNames.VirtualRouterNode, StringComparison.Ordinal))
        {
            return;
        }

        var virtualRouter = node[XmppNames.VirtualRouterNode.Length..];
        if (virtualRouter == XmppNames.VirtualRouter(Name))
        {
            Effects.ConfigSubscribed(this, virtualRouter);
        }
        else
        {
            Effects.InputSkipped(this, $"asks for the configuration of {virtualRouter}, which is not its own");
        }
    }

    private void Sweep()
    {
        foreach (var vrf in _staleVrfs)
        {
            if (_subscriptions.Remove(vrf, out var subscription))
            {
                Effects.Unsubscribed(this, subscription);
            }
        }

        _staleVrfs.Clear();
        IsRestarting = false;
        Effects.SweepStale(this);
    }
}
