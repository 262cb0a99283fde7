using Fabric.Interop.Exchange;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;

namespace Fabric.Interop.Sessions;

/// <summary>What the tests of long-lived graceful restart (RFC 9494) have in common.</summary>
internal static class LongLived
{
    /// <summary>Seconds that routes are kept before they get the mark.</summary>
    public const int RestartTime = 2;

    /// <summary>Seconds that they are kept with it: longer than any test.</summary>
    public const int Time = 300;

    /// <summary>With the same long-lived stale time of its own, whatever the control node asks it for.</summary>
    public static Software Knowing(Software software) =>
        software with
        {
            Make = (node, number, neighbors) =>
                software.Make(node, number, [.. neighbors.Select(neighbor => neighbor with { LongLivedTime = Time })]),
        };

    /// <summary>A route with LLGR_STALE, as the member shows that.</summary>
    public static Route Marked(Member member, Route route) =>
        route with
        {
            Communities = $"{route.Communities} {(member.Software.Name == Software.Frr.Name ? "llgr-stale" : "65535:6")}",
        };

    public static IEnumerable<(Member Member, Family Family)> TablesOf(IEnumerable<Member> members) =>
        members.SelectMany(member => member.Software.Families.Select(family => (member, family)));

    public static async Task AllHoldAllAsync(ReflectorExchange exchange)
    {
        foreach (var (member, family) in TablesOf(exchange.Members))
        {
            await Eventually.HoldsAsync(
                () => ReflectorExchange.ReceivedAsync(member, family),
                Is.EquivalentTo(exchange.Expected(member, family)),
                () => exchange.Logs(member)
            );
        }
    }
}
