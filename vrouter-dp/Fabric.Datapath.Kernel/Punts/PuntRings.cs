using Fabric.Datapath.Kernel.Maps;
using Fabric.Datapath.Kernel.Native;
using Fabric.Datapath.Shared;

namespace Fabric.Datapath.Kernel.Punts;

/// <summary>
/// A ring of packets that come up for each worker, pinned beside the maps: what waits in them is the next process's. One with fewer workers finds
/// rings that no program writes to any more; what is in them comes first.
/// </summary>
public sealed unsafe class PuntRings : IDisposable
{
    private const uint TypeOfRing = 27;

    private readonly List<PuntRing> rings = [];
    private readonly List<PuntRing> left = [];
    private readonly List<Descriptor> descriptors = [];

    private PuntRings() { }

    public int Count => rings.Count;

    /// <summary>Rings of an earlier process's workers that this one has not; to be drained once, before the others. Nothing else is put into them.</summary>
    public IReadOnlyList<PuntRing> Left => left;

    public PuntRing this[int worker] => rings[worker];

    /// <summary>Opens the rings that are there and makes those that are missing.</summary>
    /// <param name="folder">Where they are pinned.</param>
    /// <param name="map">The map by which the programs find them.</param>
    /// <param name="workers">How many there are to be.</param>
    /// <param name="bytes">Of each.</param>
    /// <exception cref="KernelCacheException">The kernel refuses.</exception>
    internal static PuntRings Open(PinFolder folder, Descriptor map, int workers, int bytes)
    {
        var opened = new PuntRings();
        try
        {
            for (var worker = 0; worker < workers; worker++)
            {
                opened.rings.Add(opened.Take(Open(PathOf(folder, worker), bytes) ?? Make(PathOf(folder, worker), bytes), bytes));
                Enter(map, worker, opened.descriptors[^1]);
            }

            return opened;
        }
        catch (KernelCacheException)
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Takes the rings of other workers from the programs, which write to them no more.</summary>
    internal void TakeLeft(PinFolder folder, Descriptor map, int bytes)
    {
        for (var worker = Count; worker < SharedSizes.MaxWorkers; worker++)
        {
            if (Open(PathOf(folder, worker), bytes) is { } ring)
            {
                left.Add(Take(ring, bytes));
            }

            File.Delete(PathOf(folder, worker));
            Remove(map, worker);
        }
    }

    public void Dispose()
    {
        rings.ForEach(static ring => ring.Dispose());
        left.ForEach(static ring => ring.Dispose());
        descriptors.ForEach(static descriptor => descriptor.Dispose());
    }

    private static string PathOf(PinFolder folder, int worker) => Path.Combine(folder.Maps, $"{MapPlan.Rings}{worker}");

    private static Descriptor? Open(string path, int bytes)
    {
        var ring = Libbpf.OpenPin(path);
        if (!ring.IsInvalid && PinnedMaps.Describe(ring) is { } info && info.MaxEntries == (uint)bytes)
        {
            return ring;
        }

        ring.Dispose();
        return null;
    }

    private static Descriptor Make(string path, int bytes)
    {
        var ring = Libbpf.CreateMap(TypeOfRing, MapPlan.Rings, 0, 0, (uint)bytes, null);
        if (ring.IsInvalid)
        {
            throw KernelCacheException.OfLastError("making a ring for packets that come up");
        }

        File.Delete(path);
        var result = Libbpf.Pin(ring.Number, path);
        if (result != 0)
        {
            ring.Dispose();
            throw KernelCacheException.Of($"pinning {path}", -result);
        }

        return ring;
    }

    private static void Enter(Descriptor map, int worker, Descriptor ring)
    {
        var key = (uint)worker;
        var value = ring.Number;
        var result = Libbpf.UpdateElement(map, &key, &value, 0);
        if (result != 0)
        {
            throw KernelCacheException.Of($"giving the programs the ring of worker {worker}", -result);
        }
    }

    // None may be there.
    private static void Remove(Descriptor map, int worker)
    {
        var key = (uint)worker;
        _ = Libbpf.DeleteElement(map, &key);
    }

    private PuntRing Take(Descriptor ring, int bytes)
    {
        descriptors.Add(ring);
        return new PuntRing(ring.Number, bytes);
    }
}
