using Fabric.Datapath.Shared;

namespace Fabric.Datapath.Kernel.Maps;

/// <summary>The maps as the pipeline's memory.</summary>
internal sealed class MappedMemory : IDisposable
{
    private const nuint ElementAlignment = 8;
    private readonly List<MappedRegion> regions = [];
    private readonly PinnedMaps maps;

    private MappedMemory(PinnedMaps maps) => this.maps = maps;

    public static SharedMemory Map(PinnedMaps maps, SharedSizes sizes, IReadOnlyList<MapPlan> plan)
    {
        var memory = new MappedMemory(maps);
        try
        {
            var addresses = plan.Where(static map => map.Name != MapPlan.Rings)
                .ToDictionary(static map => map.Name, memory.Map, StringComparer.Ordinal);
            return new SharedMemory(
                sizes,
                new SharedAddresses
                {
                    Host = addresses["host"],
                    Devices = addresses["devices"],
                    Vifs = addresses["vifs"],
                    NextHops = addresses["next_hops"],
                    Labels = addresses["labels"],
                    Flows = addresses["flows"],
                    Index = addresses["flow_index"],
                    FlowTable = addresses["flow_table"],
                    FreeSlots = addresses["free_slots"],
                    VifCounters = addresses["vif_counters"],
                    Drops = addresses["drops"],
                    VifDrops = addresses["vif_drops"],
                    CacheCounters = addresses["cache_counters"],
                },
                memory
            );
        }
        catch (KernelCacheException)
        {
            memory.Dispose();
            throw;
        }
    }

    public void Dispose() => regions.ForEach(static region => region.Dispose());

    private nint Map(MapPlan map)
    {
        var element = (maps.ValueSizeOf(map.Name) + ElementAlignment - 1) / ElementAlignment * ElementAlignment;
        var page = (nuint)Environment.SystemPageSize;
        var length = ((nuint)map.Elements * element + page - 1) / page * page;
        var region = MappedRegion.Map(maps[map.Name].Number, length);
        regions.Add(region);
        return region.Address;
    }
}
