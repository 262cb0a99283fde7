namespace Fabric.Datapath.Host.Cache;

/// <summary>Whether the kernel's programs forward what they can, for operators.</summary>
/// <param name="Hook">How they are attached: tcx or clsact; absent when there are none and the C# pipeline forwards alone.</param>
/// <param name="Problem">Why there are none, in words; absent when there are.</param>
/// <param name="TookOver">They went on from an earlier process with its flows.</param>
/// <param name="Counters">What became of packets, summed over all processors.</param>
public sealed record CacheStatus(string? Hook, string? Problem, bool TookOver, CacheTotals Counters)
{
    public static CacheStatus Off(string reason) => new(Hook: null, reason, TookOver: false, default);
}

/// <param name="Hits">Packets finished in the kernel.</param>
/// <param name="Misses">Packets that came up for want of an entry.</param>
/// <param name="Stale">Packets that came up since their entry was older than a change.</param>
/// <param name="Exceptions">Packets that only C# handles.</param>
/// <param name="Lost">Packets that found no room on their way up.</param>
/// <param name="Limited">Packets above their interface's rate of misses.</param>
/// <param name="Made">Connections that the kernel set up by wide entries; their first packets are hits.</param>
public readonly record struct CacheTotals(ulong Hits, ulong Misses, ulong Stale, ulong Exceptions, ulong Lost, ulong Limited, ulong Made);
