using Fabric.Model.AgentView;
using Fabric.Primitives;

namespace Fabric.Controller.Agents;

/// <summary>A host's view: the objects that its agent needs; what an object refers to comes before it.</summary>
internal sealed class AgentView
{
    private readonly Dictionary<AgentViewKey, AgentViewObject> _objects = [];
    private Places? _places;

    public bool IsEmpty => _objects.Count == 0;

    public IEnumerable<AgentViewObject> Objects => _objects.Values.OrderBy(Rank).ThenBy(value => value.Name, StringComparer.Ordinal);

    public void Put(AgentViewObject value)
    {
        _objects[value.Key] = value;
        _places = null;
    }

    public void Remove(AgentViewKey key)
    {
        _objects.Remove(key);
        _places = null;
    }

    /// <summary>Whether a port of the host is in the VRF.</summary>
    public bool IsIn(string vrf) => PlacesNow().Vrfs.Contains(vrf);

    /// <summary>Whether a port of the host has the address in the VRF.</summary>
    public bool IsAt(string vrf, IpAddress address) => PlacesNow().Addresses.Contains((vrf, address));

    // Made when somebody asks: many changes of a view come one after the other.
    private Places PlacesNow() => _places ??= Places.Of(_objects);

    private static int Rank(AgentViewObject value) =>
        value switch
        {
            AgentVirtualNetwork => 0,
            AgentSecurityGroup => 1,
            _ => 2,
        };

    private sealed record Places(HashSet<string> Vrfs, HashSet<(string Vrf, IpAddress Address)> Addresses)
    {
        public static Places Of(IReadOnlyDictionary<AgentViewKey, AgentViewObject> objects)
        {
            var places = new Places([], []);
            foreach (var port in objects.Values.OfType<AgentPort>())
            {
                if (objects.GetValueOrDefault(new AgentViewKey(AgentVirtualNetwork.TypeName, port.Network)) is AgentVirtualNetwork network)
                {
                    places.Vrfs.Add(network.VrfName);
                    places.Addresses.UnionWith(port.Addresses.Select(address => (network.VrfName, address)));
                }
            }

            return places;
        }
    }
}
