using Fabric.Primitives;

namespace Fabric.Bgp;

/// <summary>How long routes of a lost session are kept: the lesser of what the peer asks for and this speaker's limits.</summary>
/// <param name="RestartFamilies">Kept for the restart time (RFC 4724).</param>
/// <param name="LongLived">Kept for a time of their own after that (RFC 9494).</param>
internal sealed record StaleTimes(
    EquatableArray<AddressFamily> RestartFamilies,
    TimeSpan Restart,
    IReadOnlyDictionary<AddressFamily, TimeSpan> LongLived
)
{
    public static StaleTimes None { get; } = new([], TimeSpan.Zero, new Dictionary<AddressFamily, TimeSpan>());

    public EquatableArray<AddressFamily> Families => [.. RestartFamilies.Union(LongLived.Keys)];

    public static StaleTimes Of(SessionNegotiation negotiation, GracefulRestartOptions? options)
    {
        if (options is null)
        {
            return None;
        }

        var longLived = new Dictionary<AddressFamily, TimeSpan>();
        foreach (var (family, _, staleSeconds) in negotiation.PeerLongLived?.Families ?? [])
        {
            var time = Lesser(staleSeconds, options.LongLived!.MaxPeerStale);
            if (time > TimeSpan.Zero && negotiation.Families.Contains(family))
            {
                longLived[family] = time;
            }
        }

        var restart = Lesser(negotiation.PeerGracefulRestart?.RestartSeconds ?? 0, options.MaxPeerRestart);
        return new(negotiation.RestartFamilies, restart, longLived);
    }

    private static TimeSpan Lesser(uint seconds, TimeSpan limit) => TimeSpan.FromSeconds(Math.Min(seconds, limit.TotalSeconds));
}
