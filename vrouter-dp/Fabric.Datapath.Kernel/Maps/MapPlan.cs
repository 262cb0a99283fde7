using Fabric.Datapath.Shared;

namespace Fabric.Datapath.Kernel.Maps;

/// <summary>A map of the object: its name and how many elements it gets.</summary>
internal sealed record MapPlan(string Name, int Elements)
{
    /// <summary>The map of the workers' rings; the rings themselves have a plan of their own.</summary>
    public const string Rings = "punts";

    /// <summary>The maps of words have elements of so many (bpf/layout.h).</summary>
    private const int WordsOfBlock = 16;

    public static IReadOnlyList<MapPlan> For(SharedSizes sizes) =>
        [
            new("host", 1),
            new("devices", sizes.Devices),
            new("vifs", sizes.Vifs),
            new("next_hops", sizes.NextHops),
            new("labels", Blocks(sizes.Labels)),
            new("flows", sizes.Flows),
            new("flow_index", Blocks(sizes.Index)),
            new("flow_table", 1),
            new("free_slots", sizes.Flows),
            new("vif_counters", sizes.Lanes * sizes.Vifs),
            new("drops", sizes.Lanes * SharedSizes.Reasons),
            new("vif_drops", sizes.Vifs * SharedSizes.ReasonsOfVif),
            new("cache_counters", sizes.Lanes),
            new(Rings, SharedSizes.MaxWorkers),
        ];

    private static int Blocks(int words) => (words + WordsOfBlock - 1) / WordsOfBlock;
}
