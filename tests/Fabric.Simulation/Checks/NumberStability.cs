using Fabric.Simulation.Nodes;

namespace Fabric.Simulation.Checks;

/// <summary>Label, vif and route distinguisher of a port stay for as long as it is plugged at a host, whatever restarts.</summary>
internal sealed class NumberStability
{
    private readonly record struct Numbers(string Host, uint Label, uint Vif, uint Vrf);

    private readonly HashSet<string> _replugged = [];
    private Dictionary<string, Numbers> _former = [];

    public void Check(IEnumerable<SimHost> hosts)
    {
        Dictionary<string, Numbers> present = [];
        foreach (var host in hosts)
        {
            foreach (var (id, port) in host.Agent!.Core.Ports.Active)
            {
                present.Add(id, new Numbers(host.Name, port.Label, port.VifId, port.VrfId));
            }
        }

        foreach (var (id, former) in _former)
        {
            if (present.TryGetValue(id, out var now) && now.Host == former.Host && now != former && !WasReplugged(id))
            {
                throw new SimulationException($"Port {id} had {former} and has {now}.");
            }
        }

        _former = present;
        _replugged.Clear();
    }

    /// <summary>The port was away in between, so its numbers may be others.</summary>
    public void Forget(string id) => _replugged.Add(id);

    private bool WasReplugged(string id) => _replugged.Contains(id);
}
