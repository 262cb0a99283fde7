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
            Prefix = family.IsIpv6() ? $"fd10:{number:x}::/64" : $"10.{number}.0.0/24",
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
}
