using Fabric.Datapath.Shared;

namespace Fabric.Datapath.Kernel;

/// <summary>What a <see cref="KernelCache"/> is made of.</summary>
public sealed record KernelCacheOptions
{
    /// <summary>Where maps and hooks are pinned: a folder in a BPF file system, or one that gets a file system of its own.</summary>
    public required string PinFolder { get; init; }

    /// <summary>Sizes of the memory; its lanes are set to what the machine needs, and any number of workers.</summary>
    public required SharedSizes Sizes { get; init; }

    /// <summary>Of the flow hash, for memory that is made anew: chance.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Worker loops that packets come up to.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Bytes of each worker's ring for packets that come up: a power of two, at least a page.</summary>
    public int RingBytes { get; init; } = 1 << 22;

    /// <summary>Each run leaves what it decided in skb->cb: for tests.</summary>
    internal bool ReportsRuns { get; init; }

    /// <summary>Filters of clsact, even where the kernel has tcx.</summary>
    internal bool WithoutTcx { get; init; }
}
