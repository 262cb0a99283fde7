using Fabric.Agent.Core;
using Fabric.Agent.Core.Compilation;
using Fabric.Agent.Core.Ports;
using Fabric.Agent.Core.Routes;
using Fabric.Agent.State;
using Fabric.Model.AgentView;
using Fabric.Primitives;

namespace Fabric.Agent.Inspection;

/// <summary>A plugged port with what the agent knows of it; numbers are null until it is active.</summary>
public sealed record PortView(
    PortDocument Port,
    string State,
    string? Network,
    string? Vrf,
    uint? Vif,
    uint? Label,
    IReadOnlyList<string> Addresses,
    IReadOnlyList<string> SecurityGroups,
    string? Gateway,
    int? PrefixLength,
    IReadOnlyList<string> DnsServers
);

/// <param name="Name">FQN.</param>
/// <param name="Id">Instance id, also in the route distinguisher.</param>
/// <param name="Rd">Route distinguisher of this host's routes.</param>
/// <param name="Ports">Active ports.</param>
/// <param name="Routes">Prefixes that the data plane has.</param>
public sealed record VrfView(string Name, uint Id, string Rd, IReadOnlyList<string> Ports, int Routes);

/// <param name="Prefix">Destination.</param>
/// <param name="Installed">What the data plane has; null where no path can be used.</param>
/// <param name="Paths">What each controller said.</param>
public sealed record RouteView(string Prefix, string? Installed, IReadOnlyList<PathView> Paths);

public sealed record PathView(
    string Controller,
    bool Stale,
    uint LocalPreference,
    uint Sequence,
    string Network,
    IReadOnlyList<uint> SecurityGroups,
    IReadOnlyList<NextHopView> NextHops
);

public sealed record PortsView(IReadOnlyList<PortView> Ports);

public sealed record VrfsView(IReadOnlyList<VrfView> Vrfs);

/// <param name="Routes">The first of them, by prefix.</param>
/// <param name="Total">How many there are.</param>
public sealed record RoutesView(IReadOnlyList<RouteView> Routes, int Total);

public sealed record NextHopView(string Address, uint Label, string Encapsulations);

/// <summary>The core's state for people.</summary>
public static class CoreViews
{
    public static PortView? Port(AgentCore core, string id) => core.Ports.Plugged.TryGetValue(id, out var port) ? View(core, port) : null;

    public static IReadOnlyList<PortView> Ports(AgentCore core) =>
        core.Ports.Plugged.Values.OrderBy(port => port.Id, StringComparer.Ordinal).Select(port => View(core, port)).ToList();

    public static IReadOnlyList<VrfView> Vrfs(AgentCore core, IpAddress address)
    {
        var routes = core.Tables.Routes.Desired.Keys.CountBy(key => key.Vrf).ToDictionary();
        var ports = core.Ports.Active.Values.ToLookup(port => port.VrfId, port => port.Port.Id);
        return core
            .Local.Vrfs.OrderBy(vrf => vrf.Key, StringComparer.Ordinal)
            .Select(vrf => new VrfView(
                vrf.Key,
                vrf.Value,
                RouteDistinguisher.FromAddress(address, (ushort)vrf.Value).ToString(),
                ports[vrf.Value].ToList(),
                routes.GetValueOrDefault(vrf.Value)
            ))
            .ToList();
    }

    /// <summary>Null: no such VRF here.</summary>
    public static RoutesView? Routes(AgentCore core, string vrf, IpAddress address, int limit)
    {
        if (!core.Local.Vrfs.ContainsKey(vrf))
        {
            return null;
        }

        var own = core.Local.Routes.Keys.Where(key => key.Vrf == vrf).Select(key => key.Prefix);
        var prefixes = own.Union(core.Mirror.Prefixes(vrf)).ToList();
        var routes = prefixes
            .Order()
            .Take(limit)
            .Select(prefix =>
            {
                var key = new VrfPrefix(vrf, prefix);
                var paths = core.Mirror.Paths(vrf, prefix);
                var route = RouteCompiler.Compile(key, paths, core.Local, address);
                return new RouteView(prefix.ToString(), Describe(route), paths.ToArray().Select(View).ToList());
            })
            .ToList();
        return new RoutesView(routes, prefixes.Count);
    }

    private static string? Describe(CompiledRoute? route) =>
        route is null ? null
        : route.Label == 0 ? route.NextHop.Name
        : $"{route.NextHop.Name} label {route.Label}";

    private static PathView View(RoutePath path) =>
        new(
            path.Controller,
            path.IsStale,
            path.Route.LocalPreference,
            path.Route.Sequence,
            path.Route.Network,
            path.Route.SecurityGroups,
            path.Route.NextHops.Select(hop => new NextHopView(hop.Address.ToString(), hop.Label.Value, hop.Encapsulations.ToString()))
                .ToList()
        );

    private static PortView View(AgentCore core, Port port)
    {
        var active = core.Ports.Active.GetValueOrDefault(port.Id);
        var config = core.Config.Port(port.Id);
        var subnet = Subnet(active);
        var state = core.Ports.States.TryGetValue(port.Id, out var known) ? known : PortState.AwaitsConfig;
        return new PortView(
            PortDocument.Of(port),
            state.ToString(),
            config?.Network,
            active?.Network.VrfName,
            active?.VifId,
            active?.Label,
            config?.Addresses.Select(address => address.ToString()).ToList() ?? [],
            config?.SecurityGroups.ToList() ?? [],
            subnet?.Gateway.ToString(),
            subnet?.Prefix.Length,
            subnet?.DnsServers.Select(server => server.ToString()).ToList() ?? []
        );
    }

    private static AgentSubnet? Subnet(ActivePort? port) =>
        port?.Network.Subnets.FirstOrDefault(subnet => port.Config.Addresses.Any(address => subnet.Prefix.Contains(address)));
}
