namespace Fabric.Datapath.Shared;

/// <summary>Where the regions of a <see cref="SharedMemory"/> begin, each aligned to 64 bytes and as long as <see cref="SharedSizes"/> says.</summary>
public sealed record SharedAddresses
{
    public required nint Flows { get; init; }

    public required nint Index { get; init; }

    public required nint FreeSlots { get; init; }

    public required nint FlowTable { get; init; }

    public required nint Vifs { get; init; }

    public required nint NextHops { get; init; }

    public required nint Labels { get; init; }

    public required nint Devices { get; init; }

    public required nint Host { get; init; }

    public required nint VifCounters { get; init; }

    public required nint Drops { get; init; }

    public required nint VifDrops { get; init; }

    public required nint CacheCounters { get; init; }
}
