namespace Fabric.Datapath.Shared;

/// <summary>
/// What the pipeline and the kernel's programs work on: flows with their index, small tables, counters (docs/decisions/0010). It lies in
/// maps of the kernel, or, where there are no programs, in memory of the process. Only the first worker writes what shows the tables; counters,
/// last-seen times and TCP state are written by all workers and programs, and the set of flows is changed by all of them under its lock.
/// bpf/layout.h has the same bytes.
/// </summary>
public sealed class SharedMemory : IDisposable
{
    private const long NanosecondsOfMillisecond = 1_000_000;
    private readonly IDisposable? owner;

    /// <summary>Takes regions that are there already, with what they hold.</summary>
    /// <param name="sizes">Their sizes.</param>
    /// <param name="addresses">Where they begin.</param>
    /// <param name="owner">Disposed with this object; the regions are gone then.</param>
    public SharedMemory(SharedSizes sizes, SharedAddresses addresses, IDisposable? owner = null)
    {
        this.owner = owner;
        Sizes = sizes;
        Flows = new SharedRegion<FlowSlot>(addresses.Flows, sizes.Flows);
        Index = new SharedRegion<uint>(addresses.Index, sizes.Index);
        FreeSlots = new SharedRegion<FreeSlot>(addresses.FreeSlots, sizes.Flows);
        FlowTableRegion = new SharedRegion<FlowTableSlot>(addresses.FlowTable, 1);
        Vifs = new SharedRegion<VifSlot>(addresses.Vifs, sizes.Vifs);
        NextHops = new SharedRegion<NextHopSlot>(addresses.NextHops, sizes.NextHops);
        Labels = new SharedRegion<uint>(addresses.Labels, sizes.Labels);
        Devices = new SharedRegion<DeviceSlot>(addresses.Devices, sizes.Devices);
        HostRegion = new SharedRegion<HostSlot>(addresses.Host, 1);
        VifCounters = new SharedRegion<VifCounters>(addresses.VifCounters, sizes.Lanes * sizes.Vifs);
        Drops = new SharedRegion<ulong>(addresses.Drops, sizes.Lanes * SharedSizes.Reasons);
        VifDrops = new SharedRegion<ulong>(addresses.VifDrops, sizes.Vifs * SharedSizes.ReasonsOfVif);
        CacheCounters = new SharedRegion<CacheCounters>(addresses.CacheCounters, sizes.Lanes);
        Host.IndexMask = (uint)sizes.Index - 1;
    }

    public SharedSizes Sizes { get; }

    public SharedRegion<FlowSlot> Flows { get; }

    /// <summary>The flow index: a slot number plus one; 0 is empty. Linear probing from the hash of the key.</summary>
    public SharedRegion<uint> Index { get; }

    /// <summary>A ring of the slots that hold no flow, the longest free first; where it begins and ends, the <see cref="FlowTable"/> says.</summary>
    public SharedRegion<FreeSlot> FreeSlots { get; }

    public ref FlowTableSlot FlowTable => ref FlowTableRegion[0];

    public SharedRegion<VifSlot> Vifs { get; }

    public SharedRegion<NextHopSlot> NextHops { get; }

    /// <summary>By label: the virtual interface that it leads to, plus one; 0 is none.</summary>
    public SharedRegion<uint> Labels { get; }

    /// <summary>By interface index.</summary>
    public SharedRegion<DeviceSlot> Devices { get; }

    public ref HostSlot Host => ref HostRegion[0];

    /// <summary>By lane times virtual interfaces plus interface.</summary>
    public SharedRegion<VifCounters> VifCounters { get; }

    /// <summary>By lane times <see cref="SharedSizes.Reasons"/> plus reason.</summary>
    public SharedRegion<ulong> Drops { get; }

    /// <summary>By virtual interface times <see cref="SharedSizes.ReasonsOfVif"/> plus reason; all lanes add to them.</summary>
    public SharedRegion<ulong> VifDrops { get; }

    /// <summary>By lane.</summary>
    public SharedRegion<CacheCounters> CacheCounters { get; }

    private SharedRegion<HostSlot> HostRegion { get; }

    private SharedRegion<FlowTableSlot> FlowTableRegion { get; }

    /// <summary>Zeroed memory of this process alone.</summary>
    /// <param name="sizes">Its sizes.</param>
    /// <param name="seed">Of the flow hash: chance, so that nobody outside can choose flows that pile up in one place.</param>
    public static SharedMemory Allocate(SharedSizes sizes, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sizes.Flows, 2);
        var regions = new NativeRegions();
        var addresses = new SharedAddresses
        {
            Flows = regions.Take<FlowSlot>(sizes.Flows),
            Index = regions.Take<uint>(sizes.Index),
            FreeSlots = regions.Take<FreeSlot>(sizes.Flows),
            FlowTable = regions.Take<FlowTableSlot>(1),
            Vifs = regions.Take<VifSlot>(sizes.Vifs),
            NextHops = regions.Take<NextHopSlot>(sizes.NextHops),
            Labels = regions.Take<uint>(sizes.Labels),
            Devices = regions.Take<DeviceSlot>(sizes.Devices),
            Host = regions.Take<HostSlot>(1),
            VifCounters = regions.Take<VifCounters>(sizes.Lanes * sizes.Vifs),
            Drops = regions.Take<ulong>(sizes.Lanes * SharedSizes.Reasons),
            VifDrops = regions.Take<ulong>(sizes.Vifs * SharedSizes.ReasonsOfVif),
            CacheCounters = regions.Take<CacheCounters>(sizes.Lanes),
        };
        var memory = new SharedMemory(sizes, addresses, regions);
        memory.Host.Seed = seed;
        return memory;
    }

    /// <summary>Shows the programs' watchers that the worker loops run; called every 100 milliseconds or so.</summary>
    /// <param name="milliseconds">When the loop ran last that has not run for the longest.</param>
    public void Beat(long milliseconds) => Host.Heartbeat = Nanoseconds(milliseconds);

    public void Dispose() => owner?.Dispose();

    internal static ulong Nanoseconds(long milliseconds) => (ulong)(milliseconds * NanosecondsOfMillisecond);

    internal static long Milliseconds(ulong nanoseconds) => (long)nanoseconds / NanosecondsOfMillisecond;
}
