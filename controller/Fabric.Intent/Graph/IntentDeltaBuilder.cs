using Fabric.Model.AgentView;
using Fabric.Model.Config;

namespace Fabric.Intent.Graph;

/// <summary>Gathers what the nodes report while the graph settles.</summary>
internal sealed class IntentDeltaBuilder
{
    private AgentGlobalConfig? _global;
    private readonly List<VrfIntent> _vrfs = [];
    private readonly List<string> _removedVrfs = [];
    private readonly List<BgpNeighborIntent> _neighbors = [];
    private readonly List<string> _removedNeighbors = [];
    private readonly List<HostViewDelta> _hosts = [];

    public void Add(ConfigKey global, AgentGlobalConfig? before, AgentGlobalConfig? after) => _global = after;

    public void Add(ConfigKey network, VrfIntent? before, VrfIntent? after)
    {
        if (after is null)
        {
            _removedVrfs.Add(VrfNode.VrfName(network));
        }
        else
        {
            _vrfs.Add(after);
        }
    }

    public void Add(ConfigKey router, BgpNeighborIntent? before, BgpNeighborIntent? after)
    {
        if (after is null)
        {
            _removedNeighbors.Add(router.Name);
        }
        else
        {
            _neighbors.Add(after);
        }
    }

    public void Add(string host, HostView? before, HostView? after) =>
        _hosts.Add((before ?? HostView.Empty).DeltaTo(after ?? HostView.Empty, host));

    public IntentDelta Take()
    {
        var delta = new IntentDelta(_global, [.. _vrfs], [.. _removedVrfs], [.. _neighbors], [.. _removedNeighbors], [.. _hosts]);
        _global = null;
        _vrfs.Clear();
        _removedVrfs.Clear();
        _neighbors.Clear();
        _removedNeighbors.Clear();
        _hosts.Clear();
        return delta;
    }
}
