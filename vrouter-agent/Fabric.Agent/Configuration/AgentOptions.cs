using System.Net;
using System.Net.Sockets;
using Fabric.Agent.Node;
using Fabric.Hosting.Configuration;
using Fabric.Primitives;
using Fabric.Runtime;

namespace Fabric.Agent.Configuration;

/// <summary>
/// The options file of fabric-agent.
/// <code>
/// node: host1
/// address: 192.0.2.11             # on the underlay: source of tunnels, next hop of routes
/// controllers: [192.0.2.1:5269]   # two are used at a time
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
/// underlay-mtu: 1500
/// </code>
/// </summary>
public sealed record AgentOptions(
    AgentNodeOptions Node,
    string RunDirectory,
    string StateDirectory,
    IPEndPoint? PortApi,
    IPEndPoint? Metrics
)
{
    // An IPv4 host must take 576 octets (RFC 1122 section 3.3.3); the largest IP packet has 65,535.
    private const int MinMtu = 576;
    private const int MaxMtu = 65_535;

    private const string PathExpected = "an absolute path";
    private const string SecondsExpected = "a number of seconds above 0";

    public string PortSocket => Path.Combine(RunDirectory, "port.sock");

    /// <exception cref="OptionsException">The file cannot be read or has faults.</exception>
    public static AgentOptions Load(string path) => From(OptionsFile.Load(path));

    /// <exception cref="OptionsException">There are faults.</exception>
    public static AgentOptions From(OptionsFile file)
    {
        var name = file.Required<string>("node", OptionValues.NodeName, OptionValues.NodeNameExpected);
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

        var runDirectory = file.Optional<string>(
            "run-dir",
            OptionValues.RunDirectory,
            OptionValues.RunDirectoryExpected,
            $"/run/fabric/{name}"
        );
        var stateDirectory = file.Optional<string>("state-dir", OptionValues.AbsolutePath, PathExpected, $"/var/lib/fabric/{name}");
        var portApi = file.Nullable(
            "port-api",
            OptionValues.EndPoint!,
            OptionValues.EndPointExpected,
            new IPEndPoint(IPAddress.Loopback, 9091)
        );
        var metrics = file.Nullable(
            "metrics",
            OptionValues.EndPoint!,
            OptionValues.EndPointExpected,
            new IPEndPoint(IPAddress.Loopback, 9092)
        );
        var node = new AgentNodeOptions
        {
            Name = name,
            Address = address,
            Controllers = controllers,
            DataPlane = new UnixDomainSocketEndPoint(Path.Combine(runDirectory, "dp.sock")),
            Tls = Tls(file.Section("tls")),
            XmppHoldTime = file.Optional<TimeSpan>("xmpp-hold-time", OptionValues.Seconds, SecondsExpected, TimeSpan.FromSeconds(90)),
            ReconnectTime = file.Optional<TimeSpan>("reconnect-seconds", OptionValues.Seconds, SecondsExpected, TimeSpan.FromSeconds(1)),
            UnderlayMtu = file.Optional<int>("underlay-mtu", TryParseMtu, $"a number from {MinMtu} to {MaxMtu}", 1500),
            Seed = Random.Shared.Next(),
        };
        file.Finish();
        return new AgentOptions(node, runDirectory, stateDirectory, portApi, metrics);
    }

    private static TlsCredentials? Tls(OptionsFile? section) =>
        section is null
            ? null
            : new TlsCredentials(
                section.Required<string>("certificate", OptionValues.AbsolutePath, PathExpected),
                section.Required<string>("key", OptionValues.AbsolutePath, PathExpected),
                section.Required<string>("authority", OptionValues.AbsolutePath, PathExpected)
            );

    private static bool TryParseIpv4(string text, out IpAddress address) => IpAddress.TryParse(text, out address) && address.IsIpv4;

    private static bool TryParseMtu(string text, out int mtu) => int.TryParse(text, out mtu) && mtu is >= MinMtu and <= MaxMtu;
}
