using Fabric.Model.AgentView;

namespace Fabric.Agent.Core.Config;

/// <summary>
/// The per-agent view, as one controller at a time (the config peer) sends it. Each peer, and each new session of it, begins
/// a generation; what a generation did not name by its end is gone. Until then the last view stands.
/// </summary>
public sealed class ConfigView
{
    private readonly Dictionary<AgentViewKey, (AgentViewObject Object, int Generation)> _objects = [];
    private int _generation;

    /// <summary>The controller that configures this host now.</summary>
    public string? Peer { get; private set; }

    /// <summary>Whether any generation has come to its end: from then on an absent object is known to be absent.</summary>
    public bool IsComplete { get; private set; }

    public int Count => _objects.Count;

    public IEnumerable<AgentSecurityGroup> SecurityGroups => _objects.Values.Select(entry => entry.Object).OfType<AgentSecurityGroup>();

    public AgentGlobalConfig? Global => Find<AgentGlobalConfig>(AgentGlobalConfig.TypeName, "global");

    public AgentPort? Port(string id) => Find<AgentPort>(AgentPort.TypeName, id);

    public AgentVirtualNetwork? Network(string name) => Find<AgentVirtualNetwork>(AgentVirtualNetwork.TypeName, name);

    public AgentSecurityGroup? SecurityGroup(string name) => Find<AgentSecurityGroup>(AgentSecurityGroup.TypeName, name);

    public void BeginGeneration(string peer)
    {
        Peer = peer;
        _generation++;
    }

    public void LosePeer() => Peer = null;

    /// <summary>True when the view changed.</summary>
    public bool Update(AgentViewObject item)
    {
        var changed = !_objects.TryGetValue(item.Key, out var known) || !known.Object.Equals(item);
        _objects[item.Key] = (item, _generation);
        return changed;
    }

    public bool Delete(AgentViewKey key) => _objects.Remove(key);

    public void EndGeneration()
    {
        foreach (var (key, entry) in _objects)
        {
            if (entry.Generation != _generation)
            {
                _objects.Remove(key);
            }
        }

        IsComplete = true;
    }

    private T? Find<T>(string type, string name)
        where T : AgentViewObject => _objects.TryGetValue(new AgentViewKey(type, name), out var entry) ? entry.Object as T : null;
}
