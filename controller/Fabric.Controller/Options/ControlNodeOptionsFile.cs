using System.Net;
using Fabric.Analytics;
using Fabric.Config.Stores;
using Fabric.Controller.Options.Policies;
using Fabric.Hosting.Configuration;
using Fabric.Intent;
using Fabric.Primitives;
using Fabric.Streaming;
using static Fabric.Controller.Options.BgpOptionValues;

namespace Fabric.Controller.Options;

/// <summary>
/// Reads the options of fabric-control.
/// <code>
/// node: control1                     # required
/// router-id: 192.0.2.1               # required
/// listen: 192.0.2.1                  # required: address on the control network
/// as: 64512
/// bgp-port: 179
/// xmpp-port: 5269
/// api: 127.0.0.1:8080                # null: unix socket only
/// api-names: [control1.example]     # of clients at api, beside localhost
/// api-connections: 512               # at a time
/// api-watchers: 64                   # of them following /v1/watch
/// api-history: 256                   # MiB of transactions that are kept for them
/// run-dir: /run/fabric/control1      # default /run/fabric/NODE
/// state-dir: /var/lib/fabric/control1
/// cluster-id: 192.0.2.1              # makes it a route reflector
/// graceful-restart-time: 120         # seconds; 0: off
/// xmpp-hold-time: 90                 # seconds
/// agent-vrfs: ports                  # or any
/// agent-max-routes: 100000
/// groups:                            # what neighbours have in common
///   clients: { families: [vpnv4, rtc], route-reflector-client: true }
/// neighbors:                         # BGP speakers that are no bgp-router objects
///   - { name: gw1, address: 192.0.2.9, group: clients }
/// dynamic-neighbors:                 # speakers that may connect from a prefix
///   - { prefix: 192.0.2.128/25, group: clients, limit: 64 }
/// prefix-lists: ...                  # see NamedLists
/// policies: ...                      # see PolicyReader
/// vrf-policies:
///   - { vrf: "default-domain:acme:red:red", import-policy: [partners] }
/// bmp: { stations: [{ name: collector1, address: 192.0.2.50, tables: [pre-policy, loc-rib] }] }
/// mrt: { folder: /var/lib/fabric/mrt, dump-interval: 7200, update-log: true }
/// log-format: text                   # or json
/// stream: { kafka: { servers: [192.0.2.60:9092] } }   # see StreamOptionsFile
/// tls: { certificate: FILE, key: FILE, authority: FILE }
/// </code>
/// </summary>
public static class ControlNodeOptionsFile
{
    private static readonly Words<AgentVrfs> s_agentVrfs = new(("ports", AgentVrfs.Ports), ("any", AgentVrfs.Any));

    private static readonly Numbers<int> s_agentRoutes = new(1, int.MaxValue, "routes");

    private static readonly Numbers<int> s_watchers = new(1, ushort.MaxValue, "watchers");

    private static readonly Numbers<int> s_history = new(1, ushort.MaxValue, "MiB");

    private const int DefaultApiPort = 8080;
    private const ushort DefaultRestartSeconds = 120;
    private const int MiB = 1 << 20;
    private const uint DefaultAs = 64512;

    /// <exception cref="OptionsException">The file has faults; the message lists them all.</exception>
    public static ControlNodeOptions Load(string path) => Read(OptionsFile.Load(path));

    /// <exception cref="OptionsException">The file has faults; the message lists them all.</exception>
    public static ControlNodeOptions Read(OptionsFile file)
    {
        var node = file.NodeName();
        var fabricAs = file.Optional<AsNumber>("as", As, AsExpected, new AsNumber(DefaultAs));
        var listen = file.Required<IPAddress>("listen", LocalAddress, "an IP address of this machine");
        var restart = file.Optional<ushort>("graceful-restart-time", RestartTime, RestartTimeExpected, DefaultRestartSeconds);
        var clusterId = file.Optional<BgpIdentifier>("cluster-id", Identifier, IdentifierExpected, default);
        var policies = PolicyReader.ReadAll(file);
        var policyNames = new PolicyNames(policies.Select(policy => policy.Name).ToHashSet(StringComparer.Ordinal));
        var local = listen is null ? default : IpAddress.From(listen);
        var neighbors = new NeighborSections(file, local, Defaults(fabricAs, restart), policyNames);
        var options = new ControlNodeOptions(
            node,
            file.Required<BgpIdentifier>("router-id", Identifier, IdentifierExpected),
            fabricAs,
            listen!,
            file.Optional<int>("bgp-port", OptionValues.Port, OptionValues.PortExpected, 179),
            file.Optional<int>("xmpp-port", OptionValues.Port, OptionValues.PortExpected, 5269),
            file.ServedAt("api", DefaultApiPort),
            file.RunDirectory(node),
            file.StateDirectory(node),
            file.Tls(),
            clusterId == default ? null : clusterId.Value,
            TimeSpan.FromSeconds(restart),
            file.Optional<TimeSpan>("xmpp-hold-time", OptionValues.Seconds, OptionValues.SecondsExpected, TimeSpan.FromSeconds(90)),
            neighbors.DynamicNeighbors()
        )
        {
            AgentVrfs = file.Optional<AgentVrfs>("agent-vrfs", s_agentVrfs.TryParse, s_agentVrfs.Expected, AgentVrfs.Ports),
            AgentMaxRoutes = s_agentRoutes.Read(file, "agent-max-routes", 100_000),
            Ipv6NextHop = file.Optional<IpAddress?>("next-hop-ipv6", Ipv6NextHop, Ipv6NextHopExpected, null),
            Neighbors = neighbors.Neighbors(),
            Policies = policies,
            VrfPolicies = VrfPoliciesReader.Read(file, policyNames),
            Bmp = BmpSection.Read(file),
            Mrt = MrtSection.Read(file),
            Http = file.HttpAccess(),
            ApiWatchers = s_watchers.Read(file, "api-watchers", 64),
            ApiHistory = (long)MiB * s_history.Read(file, "api-history", (int)(SqliteConfigStore.DefaultHistory / MiB)),
            LogFormat = file.LogFormat(),
            Stream = file.ReadStream(node, SourceKind.ControlNode, file.StateDirectory(node)),
        };
        file.Finish();
        return options;
    }

    private static BgpNeighborSettings Defaults(AsNumber fabricAs, ushort restart) =>
        new()
        {
            AsNumber = fabricAs,
            LocalAsNumber = fabricAs,
            Families = [AddressFamily.Vpnv4, AddressFamily.RouteTargetMembership],
            GracefulRestart = new GracefulRestartIntent(restart),
        };
}
