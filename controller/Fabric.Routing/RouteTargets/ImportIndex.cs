using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>Which VRFs import a route target.</summary>
internal sealed class ImportIndex
{
    private readonly Dictionary<ulong, List<Vrf>> _importers = [];

    public bool IsEmpty => _importers.Count == 0;

    public void Add(RouteTarget target, Vrf vrf)
    {
        if (!_importers.TryGetValue(target.Value, out var vrfs))
        {
            _importers.Add(target.Value, vrfs = []);
        }

        vrfs.Add(vrf);
    }

    public void Remove(RouteTarget target, Vrf vrf)
    {
        if (_importers.TryGetValue(target.Value, out var vrfs) && vrfs.Remove(vrf) && vrfs.Count == 0)
        {
            _importers.Remove(target.Value);
        }
    }

    /// <summary>Null if there is none.</summary>
    public List<Vrf>? ImportersOf(ulong target) => _importers.GetValueOrDefault(target);
}
