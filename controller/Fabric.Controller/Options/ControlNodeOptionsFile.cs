using System.Globalization;
using System.Net;
using Fabric.Hosting.Configuration;
using Fabric.Primitives;

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
/// run-dir: /run/fabric/control1      # default /run/fabric/NODE
/// state-dir: /var/lib/fabric/control1
/// cluster-id: 192.0.2.1              # makes it a route reflector
/// graceful-restart-time: 120         # seconds; 0: off
/// xmpp-hold-time: 90                 # seconds
/// dynamic-neighbors:                 # speakers that may connect without a bgp-router object
///   - { prefix: 192.0.2.128/25, as: 64512, families: [vpnv4, rtc] }
/// tls: { certificate: FILE, key: FILE, authority: FILE }
/// </code>
/// </summary>
public static class ControlNodeOptionsFile
{
    private const int DefaultApiPort = 8080;
    private const int MaxRestartSeconds = 4095;
    private const string AsExpected = "an AS number from 1 to 4294967294";

    /// <exception cref="OptionsException">The file has faults; the message lists them all.</exception>
    public static ControlNodeOptions Load(string path) => Read(OptionsFile.Load(path));

    /// <exception cref="OptionsException">The file has faults; the message lists them all.</exception>
    public static ControlNodeOptions Read(OptionsFile file)
    {
        var node = file.NodeName();
        var fabricAs = file.Optional<AsNumber>("as", As, AsExpected, new AsNumber(64512));
        var options = new ControlNodeOptions(
            node,
            file.Required<BgpIdentifier>("router-id", Identifier, "an IPv4 address that is not 0.0.0.0"),
            fabricAs,
            file.Required<IPAddress>("listen", Address, "an IP address of this machine"),
            file.Optional<int>("bgp-port", OptionValues.Port, OptionValues.PortExpected, 179),
            file.Optional<int>("xmpp-port", OptionValues.Port, OptionValues.PortExpected, 5269),
            file.ServedAt("api", DefaultApiPort),
            file.RunDirectory(node),
            file.StateDirectory(node),
            file.Tls(),
            ClusterId(file),
            file.Optional<TimeSpan>(
                "graceful-restart-time",
                RestartTime,
                $"seconds from 0 to {MaxRestartSeconds} (RFC 4724 section 3)",
                TimeSpan.FromSeconds(120)
            ),
            file.Optional<TimeSpan>("xmpp-hold-time", OptionValues.Seconds, OptionValues.SecondsExpected, TimeSpan.FromSeconds(90)),
            DynamicNeighbors(file, fabricAs)
        );
        file.Finish();
        return options;
    }

    private static EquatableArray<DynamicNeighborOptions> DynamicNeighbors(OptionsFile file, AsNumber fabricAs) =>
        [
            .. file.Sections("dynamic-neighbors")
                .Select(section =>
                {
                    var families = section.List<AddressFamily>("families", AddressFamily.TryParse, "an address family such as vpnv4");
                    return new DynamicNeighborOptions(
                        section.Required<IpPrefix>("prefix", IpPrefix.TryParse, "a prefix such as 192.0.2.128/25"),
                        section.Optional<AsNumber>("as", As, AsExpected, fabricAs),
                        families.Count > 0 ? [.. families] : [AddressFamily.Vpnv4, AddressFamily.RouteTargetMembership]
                    );
                }),
        ];

    private static uint? ClusterId(OptionsFile file)
    {
        var id = file.Optional<BgpIdentifier>("cluster-id", Identifier, "an IPv4 address that is not 0.0.0.0", default);
        return id == default ? null : id.Value;
    }

    private static bool Identifier(string text, out BgpIdentifier value)
    {
        var isAddress = IpAddress.TryParse(text, out var address) && address.IsIpv4;
        value = isAddress ? new BgpIdentifier(address.Ipv4) : default;
        return value != default;
    }

    private static bool As(string text, out AsNumber value)
    {
        var isNumber = uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        value = new AsNumber(number);
        return isNumber && number is > 0 and < uint.MaxValue;
    }

    private static bool Address(string text, out IPAddress value)
    {
        var isAddress = IpAddress.TryParse(text, out var address);
        value = isAddress ? address.ToIPAddress() : IPAddress.None;
        return isAddress;
    }

    private static bool RestartTime(string text, out TimeSpan value)
    {
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds);
        value = TimeSpan.FromSeconds(seconds);
        return isNumber && seconds <= MaxRestartSeconds;
    }
}
