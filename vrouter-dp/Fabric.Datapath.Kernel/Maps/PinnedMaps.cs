using System.Runtime.CompilerServices;
using Fabric.Datapath.Kernel.Native;

namespace Fabric.Datapath.Kernel.Maps;

/// <summary>The maps that an earlier process pinned.</summary>
internal sealed unsafe class PinnedMaps : IDisposable
{
    private readonly Dictionary<string, Descriptor> maps = new(StringComparer.Ordinal);

    private PinnedMaps() { }

    public Descriptor this[string name] => maps[name];

    /// <summary>All maps of the plan, or null when one is missing or has another size: one memory is taken over as a whole or not at all.</summary>
    public static PinnedMaps? TryOpen(PinFolder folder, IEnumerable<MapPlan> plan)
    {
        var pinned = new PinnedMaps();
        foreach (var map in plan)
        {
            var descriptor = Libbpf.OpenPin(Path.Combine(folder.Maps, map.Name));
            pinned.maps.Add(map.Name, descriptor);
            if (descriptor.IsInvalid || !IsAsPlanned(descriptor, map))
            {
                pinned.Dispose();
                return null;
            }
        }

        return pinned;
    }

    public void Dispose()
    {
        foreach (var descriptor in maps.Values)
        {
            descriptor.Dispose();
        }
    }

    private static bool IsAsPlanned(Descriptor descriptor, MapPlan plan)
    {
        MapInfo info;
        var size = (uint)Unsafe.SizeOf<MapInfo>();
        return Libbpf.Describe(descriptor, &info, &size) == 0 && info.MaxEntries == (uint)plan.Elements;
    }
}
