using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;

namespace Fabric.Interop.Exchange;

/// <summary>A speaker of the exchange.</summary>
internal sealed record Member(Software Software, Role Role, Speaker Speaker)
{
    public string Name => Speaker.Name;

    /// <summary>The route of a family that is recognizably this member's own: each attribute has its number in it.</summary>
    public Route Route(Family family)
    {
        var number = Speaker.Node.Number;
        var hasTargets = family.HasDistinguisher();
        return new Route
        {
            Family = family,
            Prefix =
                family == Family.Evpn ? MacIp.Name($"02:00:00:00:00:{number:x2}", $"10.{number}.0.1")
                : family.IsIpv6() ? $"fd10:{number:x}::/64"
                : $"10.{number}.0.0/24",
            Distinguisher = family.HasDistinguisher() ? $"64512:{number}" : "",
            Label = family.HasLabel() ? 1000 + number : null,
            NextHop = family.IsIpv6() ? Speaker.Node.NextHop6 : Speaker.Node.NextHop,
            Origin = Software.Name == Software.GoBgp.Name ? "incomplete" : "igp",
            MultiExitDisc = 50 + number,
            LocalPreference = 150 + number,
            Communities = $"64512:{number} 64513:{number}",
            LargeCommunities = $"64512:1:{number}",
            RouteTargets = hasTargets ? $"64512:{100 + number} 64512:99" : "",
        };
    }

    /// <summary>A second one with the same attributes.</summary>
    public Route FurtherRoute(Family family) =>
        Route(family) with
        {
            Prefix =
                family == Family.Evpn ? MacIp.Name("02:00:00:00:02:00", "10.200.0.1")
                : family.IsIpv6() ? "fd20::/48"
                : "10.200.0.0/16",
        };
}
