using Fabric.Model.Datapath;
using Fabric.Primitives;

namespace Fabric.Datapath;

/// <summary>A VRF (RFC 4364): its routes by longest prefix.</summary>
public sealed class Vrf
{
    private readonly Lpm lpm = new();
    private readonly Stack<int> free = [];
    private Route?[] routes = new Route?[16];
    private int count;

    internal Vrf(VrfEntry entry) => Entry = entry;

    internal VrfEntry Entry { get; set; }

    internal ulong Mark { get; set; }

    public uint Id => Entry.Id;

    public string Name => Entry.Name;

    public int RouteCount => lpm.Count;

    /// <summary>The change of the tables (<see cref="DatapathTables.Change"/>) that last touched this VRF or a route in it.</summary>
    public long ChangedAt { get; internal set; }

    public Route? Lookup(uint address)
    {
        var index = lpm.Lookup(address);
        return index < 0 ? null : routes[index];
    }

    /// <summary>The length of a prefix around an address in which all addresses have the same route; see <see cref="Lpm.BlockLength"/>.</summary>
    public int BlockLength(uint address) => lpm.BlockLength(address);

    public Route? Find(uint prefix, int length)
    {
        var index = lpm.Find(prefix, length);
        return index < 0 ? null : routes[index];
    }

    internal IEnumerable<Route> Routes => routes.Where(r => r is not null)!;

    internal void Set(Route route)
    {
        var length = (int)route.Entry.Length;
        var prefix = route.Entry.Prefix & IpPrefix.MaskIpv4(length);
        var index = lpm.Find(prefix, length);
        if (index < 0)
        {
            index = free.TryPop(out var reused) ? reused : count++;
            if (index == routes.Length)
            {
                Array.Resize(ref routes, routes.Length * 2);
            }

            lpm.Set(prefix, length, index);
        }

        routes[index] = route;
    }

    internal bool Remove(uint prefix, int length)
    {
        prefix &= IpPrefix.MaskIpv4(length);
        var index = lpm.Find(prefix, length);
        if (index < 0)
        {
            return false;
        }

        lpm.Remove(prefix, length);
        routes[index] = null;
        free.Push(index);
        return true;
    }
}
