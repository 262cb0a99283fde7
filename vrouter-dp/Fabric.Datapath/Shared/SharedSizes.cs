using System.Numerics;

namespace Fabric.Datapath.Shared;

/// <summary>How many elements each region of a <see cref="SharedMemory"/> has.</summary>
/// <param name="Flows">Flow slots; a connection takes two.</param>
public sealed record SharedSizes(int Flows)
{
    /// <summary>Worker loops that the memory of the kernel's programs has lanes for, however many a process has.</summary>
    public const int MaxWorkers = 16;

    /// <summary>Drop counters of a lane.</summary>
    public const int Reasons = 256;

    /// <summary>Drop counters of a virtual interface.</summary>
    public const int ReasonsOfVif = 64;

    /// <summary>Places of the flow index: a power of two, and at least twice the slots.</summary>
    public int Index => (int)BitOperations.RoundUpToPowerOf2((uint)Flows * 2);

    public int Vifs { get; init; } = 4096;

    /// <summary>Next hops with a greater id are C#'s alone; so it is with labels.</summary>
    public int NextHops { get; init; } = 65_536;

    public int Labels { get; init; } = 1 << 20;

    /// <summary>Interface indexes.</summary>
    public int Devices { get; init; } = 65_536;

    /// <summary>Processors that run the kernel's programs; each counts in a lane of its own.</summary>
    public int Processors { get; init; }

    /// <summary>Worker loops that there may be; each counts in a lane of its own too.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Writers of counters.</summary>
    public int Lanes => Processors + Workers;

    /// <summary>The lane of a worker, behind those of the processors.</summary>
    public int LaneOf(int worker) => Processors + worker;
}
