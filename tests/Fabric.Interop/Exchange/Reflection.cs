using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;

namespace Fabric.Interop.Exchange;

/// <summary>What a route reflector makes of a member's route for another member, by the RFCs alone.</summary>
internal static class Reflection
{
    /// <summary>RFC 4456 section 6: what a non-client says goes to clients only, and to external peers.</summary>
    public static bool Reaches(Member source, Member receiver) =>
        source != receiver && (source.Role, receiver.Role) is not (Role.NonClient, Role.NonClient);

    public static Route Of(Route route, Member source, Member receiver, ControlNode reflector)
    {
        var isReflected = source.Role != Role.External && receiver.Role != Role.External;
        var path = source.Role == Role.External ? $"{source.Speaker.As} {route.AsPath}".TrimEnd() : route.AsPath;
        return route with
        {
            PathIdentifier = null,
            // RFC 4271 section 5.1.3: itself to an external peer; but a next hop goes with its label (RFC 4364 section 10 c).
            NextHop =
                receiver.Role == Role.External && !route.Family.HasLabel()
                    ? (route.Family.IsIpv6() ? reflector.Node.Address6 : reflector.LocalAddress)
                    : route.NextHop,
            // RFC 4271 section 5.1.2: an internal peer gets the path as it is.
            AsPath = receiver.Role == Role.External ? $"{reflector.As} {path}".TrimEnd() : path,
            // RFC 4271 section 5.1.4: the MED of a neighbouring AS ends in this one.
            MultiExitDisc = source.Role == Role.External && receiver.Role == Role.External ? null : route.MultiExitDisc,
            // RFC 4271 section 5.1.5: between ASes there is none; inside it starts with the default.
            LocalPreference =
                receiver.Role == Role.External ? null
                : source.Role == Role.External ? 100
                : route.LocalPreference,
            // RFC 4456 section 8.
            OriginatorId = isReflected ? source.Speaker.Node.Address : "",
            ClusterList = isReflected ? reflector.ClusterId : "",
            Communities = Route.Sorted(route.Communities.Split(' ')),
            RouteTargets = Route.Sorted(route.RouteTargets.Split(' ')),
        };
    }
}
