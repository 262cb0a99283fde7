using System.Text;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Inspection;

/// <summary>The capabilities of two OPENs, side by side.</summary>
internal static class CapabilityWords
{
    private const byte HostName = 73;

    /// <summary>Whole OPEN messages; empty ones say nothing.</summary>
    public static IReadOnlyList<CapabilityDocument> Of(ReadOnlySpan<byte> sent, ReadOnlySpan<byte> received)
    {
        var advertised = ByName(sent);
        var heard = ByName(received);
        return
        [
            .. advertised
                .Keys.Union(heard.Keys)
                .Select(name => new CapabilityDocument(name, advertised.GetValueOrDefault(name), heard.GetValueOrDefault(name))),
        ];
    }

    private static Dictionary<string, string> ByName(ReadOnlySpan<byte> message) =>
        message.Length > MessageFrame.HeaderBytes && OpenMessage.TryDecode(message[MessageFrame.HeaderBytes..], out var open, out _)
            ? open.Capabilities.GroupBy(NameOf).ToDictionary(same => same.Key, same => string.Join("; ", same.Select(ValueOf)))
            : [];

    private static string NameOf(Capability capability) =>
        capability switch
        {
            MultiprotocolCapability multiprotocol => $"address family {multiprotocol.Family}",
            RouteRefreshCapability => "route refresh",
            EnhancedRouteRefreshCapability => "enhanced route refresh",
            ExtendedMessageCapability => "extended message",
            FourOctetAsCapability => "4-octet AS",
            GracefulRestartCapability => "graceful restart",
            LongLivedGracefulRestartCapability => "long-lived graceful restart",
            AddPathCapability => "ADD-PATH",
            ExtendedNextHopCapability => "extended next hop",
            RoleCapability => "role",
            { Code: HostName } => "FQDN",
            { Code: 128 } => "route refresh (Cisco)",
            _ => $"capability {capability.Code}",
        };

    private static string ValueOf(Capability capability) =>
        capability switch
        {
            FourOctetAsCapability asNumber => asNumber.AsNumber.ToString(),
            GracefulRestartCapability restart => Restart(restart),
            LongLivedGracefulRestartCapability longLived => string.Join(
                ", ",
                longLived.Families.Select(one => $"{one.Family} {one.StaleSeconds} s{Preserved(one.ForwardingPreserved)}")
            ),
            AddPathCapability addPath => string.Join(", ", addPath.Families.Select(one => $"{one.Family} {Modes(one.Modes)}")),
            ExtendedNextHopCapability nextHop => string.Join(
                ", ",
                nextHop.NextHops.Select(one => $"{one.Family} over {(one.NextHopAfi == 2 ? "IPv6" : $"AFI {one.NextHopAfi}")}")
            ),
            RoleCapability role => role.Role.ToString(),
            UnknownCapability { Code: HostName } fqdn when HostNameOf(fqdn.Value.AsSpan()) is { } name => name,
            UnknownCapability unknown => Convert.ToHexStringLower(unknown.Value.AsSpan()),
            _ => "",
        };

    // draft-walton-bgp-hostname-capability section 2: a name and a domain, each behind an octet of its length.
    private static string? HostNameOf(ReadOnlySpan<byte> value)
    {
        if (value.Length < 2 || value.Length < 2 + value[0] || value.Length != 2 + value[0] + value[1 + value[0]])
        {
            return null;
        }

        var name = Encoding.UTF8.GetString(value.Slice(1, value[0]));
        var domain = Encoding.UTF8.GetString(value[(2 + value[0])..]);
        return domain.Length == 0 ? name : $"{name}.{domain}";
    }

    private static string Restart(GracefulRestartCapability restart) =>
        $"{restart.RestartSeconds} s"
        + (restart.Restarted ? ", has restarted" : "")
        + (restart.NotificationSupport ? ", keeps routes over NOTIFICATIONs" : "")
        + string.Concat(restart.Families.Select(one => $", {one.Family}{Preserved(one.ForwardingPreserved)}"));

    private static string Preserved(bool isPreserved) => isPreserved ? " (forwarding preserved)" : "";

    private static string Modes(AddPathModes modes) =>
        modes switch
        {
            AddPathModes.Both => "send and receive",
            AddPathModes.Send => "send",
            AddPathModes.Receive => "receive",
            _ => "nothing",
        };
}
