using Fabric.Intent.Graph;
using Fabric.Model.AgentView;
using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Intent;

/// <summary>
/// Owned by the config loop. Turns configuration into what the fabric should be:
/// <code>
///   ConfigDelta
///       |
///   ConfigTables --+--> VrfNode ----------------------------------> VRFs and their route targets
///   (objects,      +--> GlobalViewNode ---------------------------> settings of all agents
///    who refers    +--> NeighborNode -----------------------------> BGP neighbours
///    to whom)      +--> NetworkViewNode --+
///                  +--> GroupViewNode ----+--> HostViewNode ------> view of each host
///                  +----------------------+
/// </code>
/// The output depends on the current objects only, not on how they came: applying deltas one by one, squashed or from scratch ends in
/// the same state. A missing reference closes what depends on it and heals when it comes.
/// </summary>
public sealed class IntentGraph
{
    private readonly ConfigTables _tables = new();
    private readonly IntentNode<ConfigKey, AgentGlobalConfig> _globalView;
    private readonly IntentNode<ConfigKey, VrfIntent> _vrfs;
    private readonly IntentNode<ConfigKey, BgpNeighborIntent> _neighbors;
    private readonly IntentNode<ConfigKey, AgentVirtualNetwork> _networkViews;
    private readonly IntentNode<ConfigKey, AgentSecurityGroup> _groupViews;
    private readonly IntentNode<string, HostView> _hostViews;
    private readonly IntentDeltaBuilder _delta = new();

    public IntentGraph()
    {
        _globalView = new(_ => GlobalViewNode.Evaluate(_tables));
        _vrfs = new(key => VrfNode.Evaluate(_tables, key));
        _neighbors = new(key => NeighborNode.Evaluate(_tables, key));
        _networkViews = new(key => NetworkViewNode.Evaluate(_tables, key));
        _groupViews = new(key => GroupViewNode.Evaluate(_tables, key));
        _hostViews = new(host => HostViewNode.Evaluate(_tables, _networkViews, _groupViews, host));

        _globalView.Then(_delta.Add);
        _vrfs.Then(_delta.Add);
        _neighbors.Then(_delta.Add);
        _networkViews.Then((key, _, _) => MarkHostsOf(_tables.OfNetwork[key]));
        _groupViews.Then((key, _, _) => MarkHostsOf(_tables.OfGroup[key]));
        _hostViews.Then(_delta.Add);

        // Without an object the defaults hold, and agents are to hear of them too.
        _globalView.Mark(new GlobalConfig().Key);
    }

    /// <summary>Takes changes and tells what differs in the outputs.</summary>
    public IntentDelta Apply(ConfigDelta delta)
    {
        ArgumentNullException.ThrowIfNull(delta);
        foreach (var change in delta.Changes)
        {
            var before = _tables.Replace(change.Key, change.Value);
            Mark(change.Key, before, change.Value);
        }

        _globalView.Settle();
        _vrfs.Settle();
        _neighbors.Settle();
        _networkViews.Settle();
        _groupViews.Settle();
        _hostViews.Settle();
        return _delta.Take();
    }

    /// <summary>The whole view of a host, for an agent that has just come. The global settings come first.</summary>
    public EquatableArray<AgentViewObject> ViewOf(string host) =>
        [GlobalViewNode.Evaluate(_tables), .. _hostViews[host]?.Objects.Values ?? []];

    private void Mark(ConfigKey key, ConfigObject? before, ConfigObject? after)
    {
        switch (key.Kind)
        {
            case ConfigKind.GlobalConfig:
                _globalView.Mark(key);
                _neighbors.MarkAll();
                break;
            case ConfigKind.VirtualNetwork:
                _networkViews.Mark(key);
                MarkVrfsConnectedTo(key);
                break;
            case ConfigKind.Subnet:
                MarkAll(_networkViews, ConfigTables.NetworksOf(before), ConfigTables.NetworksOf(after));
                break;
            case ConfigKind.SecurityGroup:
                _groupViews.Mark(key);
                MarkAll(_groupViews, _tables.OfGroup[key].Where(referrer => referrer.Kind == ConfigKind.SecurityGroup));
                break;
            case ConfigKind.Port:
                MarkAll(_hostViews, ConfigTables.HostsOf(before), ConfigTables.HostsOf(after));
                break;
            case ConfigKind.NetworkConnection:
                MarkAll(_vrfs, ConfigTables.NetworksOf(before), ConfigTables.NetworksOf(after));
                break;
            case ConfigKind.BgpRouter:
                _neighbors.Mark(key);
                break;
        }
    }

    private void MarkVrfsConnectedTo(ConfigKey network)
    {
        _vrfs.Mark(network);
        MarkAll(_vrfs, _tables.OfNetwork[network].Select(_tables.Find<NetworkConnection>).SelectMany(ConfigTables.NetworksOf));
    }

    private void MarkHostsOf(IEnumerable<ConfigKey> referrers) =>
        MarkAll(_hostViews, referrers.Select(_tables.Find<Port>).SelectMany(ConfigTables.HostsOf));

    private static void MarkAll<TKey, TRecord>(IntentNode<TKey, TRecord> node, params ReadOnlySpan<IEnumerable<TKey>> lists)
        where TKey : notnull
        where TRecord : class
    {
        foreach (var list in lists)
        {
            foreach (var key in list)
            {
                node.Mark(key);
            }
        }
    }
}
