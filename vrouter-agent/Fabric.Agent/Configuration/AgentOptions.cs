using System.Net;
using System.Net.Sockets;
using Fabric.Agent.Node;
using Fabric.Agent.Streaming;
using Fabric.Analytics;
using Fabric.FlowExport;
using Fabric.Hosting;
using Fabric.Hosting.Configuration;
using Fabric.Hosting.Logging;
using Fabric.Primitives;
using Fabric.Streaming;

namespace Fabric.Agent.Configuration;

/// <summary>
/// The options file of fabric-agent.
/// <code>
/// node: host1
/// address: 192.0.2.11             # on the underlay: source of tunnels, next hop of routes
/// controllers: [192.0.2.1:5269]   # two are used at a time
/// controller-names: [control1]    # in their certificates; default: their addresses
/// run-dir: /run/fabric/host1      # default /run/fabric/NODE; holds port.sock and the data plane's dp.sock
/// state-dir: /var/lib/fabric/host1
/// port-api: 127.0.0.1:9091        # null: unix socket only
/// metrics: 127.0.0.1:9092         # null: off
/// tls:                            # absent: XMPP in the clear
///   certificate: FILE
///   key: FILE
///   authority: FILE
/// xmpp-hold-time: 90
/// reconnect-seconds: 1
/// end-of-rib-time: 300
/// underlay-mtu: 1500
/// log-format: text                # or json
/// stream: { kafka: { servers: [192.0.2.60:9092] } }   # see StreamOptionsFile
/// flows: { update-seconds: 30, sampling: 1 }          # see FlowOptionsFile
/// export: { ipfix: { collectors: 192.0.2.61:4739 } }  # see FlowExportOptionsFile
/// </code>
/// </summary>
public sealed record AgentOptions(
    AgentNodeOptions Node,
    string RunDirectory,
    string StateDirectory,
    IPEndPoint? PortApi,
    IPEndPoint? Metrics,
    StreamOptions Stream
)
{
    // An IPv4 host must take 576 octets (RFC 1122 section 3.3.3); the largest IP packet has 65,535.
    private const int MinMtu = 576;
    private const int MaxMtu = 65_535;

    private const int DefaultPortApiPort = 9091;
    private const int DefaultMetricsPort = 9092;

    public LogFormat LogFormat { get; init; }

    public HttpAccess Http { get; init; } = new();

    /// <summary>Null: no collector hears of sessions.</summary>
    public FlowExportOptions? Export { get; init; }

    /// <summary>How sessions are summed up; null: each has rows of its own.</summary>
    internal SummaryOptions? Summaries { get; init; }

    public string PortSocket => Path.Combine(RunDirectory, "port.sock");

    /// <exception cref="OptionsException">The file cannot be read or has faults.</exception>
    public static AgentOptions Load(string path) => From(OptionsFile.Load(path));

    /// <exception cref="OptionsException">There are faults.</exception>
    public static AgentOptions From(OptionsFile file)
    {
        var name = file.NodeName();
        var address = file.Required<IpAddress>("address", TryParseIpv4, "an IPv4 address of this host");
        var controllers = file.List<IPEndPoint>("controllers", OptionValues.EndPoint!, OptionValues.EndPointExpected);
        if (controllers.Count == 0)
        {
            file.Reject("controllers", $"expected a list of one or more of {OptionValues.EndPointExpected}");
        }

        if (controllers.Distinct().Count() != controllers.Count)
        {
            file.Reject("controllers", "a controller is listed twice");
        }

        var tls = file.Tls();
        var controllerNames = file.List<string>("controller-names", OptionValues.NodeName, OptionValues.NodeNameExpected);
        if (controllerNames.Count > 0 && tls is null)
        {
            file.Reject("controller-names", "says nothing without key 'tls'");
        }

        var runDirectory = file.RunDirectory(name);
        var stateDirectory = file.StateDirectory(name);
        var portApi = file.ServedAt("port-api", DefaultPortApiPort);
        var metrics = file.ServedAt("metrics", DefaultMetricsPort);
        var (flows, summaries) = file.ReadFlows();
        var node = new AgentNodeOptions
        {
            Name = name,
            Address = address,
            Controllers = controllers,
            DataPlane = new UnixDomainSocketEndPoint(Path.Combine(runDirectory, "dp.sock")),
            Tls = tls,
            ControllerNames = controllerNames,
            XmppHoldTime = file.Optional<TimeSpan>(
                "xmpp-hold-time",
                OptionValues.Seconds,
                OptionValues.SecondsExpected,
                TimeSpan.FromSeconds(90)
            ),
            ReconnectTime = file.Optional<TimeSpan>(
                "reconnect-seconds",
                OptionValues.Seconds,
                OptionValues.SecondsExpected,
                TimeSpan.FromSeconds(1)
            ),
            EndOfRibTime = file.Optional<TimeSpan>(
                "end-of-rib-time",
                OptionValues.Seconds,
                OptionValues.SecondsExpected,
                TimeSpan.FromMinutes(5)
            ),
            UnderlayMtu = file.Optional<int>("underlay-mtu", TryParseMtu, $"a number from {MinMtu} to {MaxMtu}", 1500),
            Flows = flows,
            Seed = Random.Shared.Next(),
        };
        var logFormat = file.LogFormat();
        var http = file.HttpAccess();
        var stream = file.ReadStream(name, SourceKind.HostAgent, stateDirectory);
        var export = file.ReadFlowExport(address);
        file.Finish();
        return new AgentOptions(node, runDirectory, stateDirectory, portApi, metrics, stream)
        {
            Summaries = summaries,
            Export = export,
            LogFormat = logFormat,
            Http = http,
        };
    }

    private static bool TryParseIpv4(string text, out IpAddress address) => IpAddress.TryParse(text, out address) && address.IsIpv4;

    private static bool TryParseMtu(string text, out int mtu) => int.TryParse(text, out mtu) && mtu is >= MinMtu and <= MaxMtu;
}
