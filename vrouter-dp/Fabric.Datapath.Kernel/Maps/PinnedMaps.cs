using System.Runtime.CompilerServices;
using Fabric.Datapath.Kernel.Native;

namespace Fabric.Datapath.Kernel.Maps;

/// <summary>The maps as they are pinned, by this process or an earlier one.</summary>
internal sealed unsafe class PinnedMaps : IDisposable
{
    private readonly Dictionary<string, Descriptor> maps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, uint> valueSizes = new(StringComparer.Ordinal);

    private PinnedMaps() { }

    public Descriptor this[string name] => maps[name];

    /// <summary>Octets of an element, as the map was made.</summary>
    public uint ValueSizeOf(string name) => valueSizes[name];

    /// <summary>All maps of the plan, or null when one is missing or has another size: one memory is taken over as a whole or not at all.</summary>
    public static PinnedMaps? TryOpen(PinFolder folder, IEnumerable<MapPlan> plan)
    {
        var pinned = new PinnedMaps();
        foreach (var map in plan)
        {
            var descriptor = Libbpf.OpenPin(Path.Combine(folder.Maps, map.Name));
            pinned.maps.Add(map.Name, descriptor);
            if (descriptor.IsInvalid || Describe(descriptor) is not { } info || info.MaxEntries != (uint)map.Elements)
            {
                pinned.Dispose();
                return null;
            }

            pinned.valueSizes.Add(map.Name, info.ValueSize);
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

    internal static MapInfo? Describe(Descriptor descriptor)
    {
        MapInfo info;
        var size = (uint)Unsafe.SizeOf<MapInfo>();
        return Libbpf.Describe(descriptor, &info, &size) == 0 ? info : null;
    }
}
