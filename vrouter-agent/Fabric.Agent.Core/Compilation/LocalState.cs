using Fabric.Agent.Core.Config;
using Fabric.Agent.Core.Ports;
using Fabric.Agent.Core.Publishing;
using Fabric.Agent.Core.Routes;
using Fabric.Agent.Core.Tables;
using Fabric.Primitives;

namespace Fabric.Agent.Core.Compilation;

/// <summary>What follows from ports and configuration alone, without any route of a controller. Computed anew with each change of them.</summary>
public sealed record LocalState(
    IReadOnlyDictionary<string, uint> Vrfs,
    IReadOnlyDictionary<uint, ActivePort> Labels,
    IReadOnlyDictionary<VrfPrefix, CompiledRoute> Routes,
    IReadOnlyDictionary<VrfPrefix, PublishedRoute> Published,
    EquatableArray<TunnelEncapsulations> EncapsulationPriority
)
{
    public static LocalState Empty { get; } = Compile(new SortedDictionary<string, ActivePort>(), new ConfigView());

    public static LocalState Compile(IReadOnlyDictionary<string, ActivePort> ports, ConfigView config)
    {
        Dictionary<string, uint> vrfs = [];
        Dictionary<uint, ActivePort> labels = [];
        Dictionary<VrfPrefix, CompiledRoute> routes = [];
        Dictionary<VrfPrefix, PublishedRoute> published = [];

        foreach (var port in ports.Values)
        {
            var vrf = port.Network.VrfName;
            vrfs[vrf] = port.VrfId;
            labels.Add(port.Label, port);
            AddReceiveRoutes(port, routes);

            var groups = SecurityGroups.Known(port.Config, config);
            foreach (var address in port.Config.Addresses.Where(address => address.IsIpv4))
            {
                var key = new VrfPrefix(vrf, IpPrefix.Host(address));
                var interfaceNextHop = new NextHopKey.Interface(port.Port.Id);
                routes.TryAdd(key, new CompiledRoute(interfaceNextHop, Label: 0, groups, port.Network.Name));
                published.TryAdd(key, new PublishedRoute(key, new MplsLabel(port.Label), port.Network.Name, groups));
            }
        }

        return new LocalState(vrfs, labels, routes, published, config.Global?.EncapsulationPriority ?? []);
    }

    /// <summary>The gateway and the service address of each subnet are the data plane's own, on every host.</summary>
    private static void AddReceiveRoutes(ActivePort port, Dictionary<VrfPrefix, CompiledRoute> routes)
    {
        foreach (var subnet in port.Network.Subnets)
        {
            foreach (var address in (ReadOnlySpan<IpAddress>)[subnet.Gateway, subnet.ServiceAddress])
            {
                if (address.IsIpv4)
                {
                    var key = new VrfPrefix(port.Network.VrfName, IpPrefix.Host(address));
                    routes[key] = new CompiledRoute(NextHopKey.Receive.Instance, Label: 0, [], port.Network.Name);
                }
            }
        }
    }
}
