using Fabric.Datapath.Kernel.Hooks;
using Fabric.Datapath.Kernel.Maps;
using Fabric.Datapath.Kernel.Native;
using Fabric.Datapath.Kernel.Punts;
using Fabric.Datapath.Shared;

namespace Fabric.Datapath.Kernel;

/// <summary>
/// The kernel's programs, with the memory that they share with the pipeline (docs/decisions/0010). What is attached goes on forwarding when
/// this object or the process ends; the next one takes it over. Not thread-safe.
/// </summary>
public sealed class KernelCache : IDisposable
{
    /// <summary>FABRIC_LAYOUT_VERSION of bpf/layout.h: pins of another one are not taken over.</summary>
    internal const int LayoutVersion = 5;

    private readonly PinnedMaps maps;
    private readonly PinnedPrograms programs;
    private readonly IDeviceHooks hooks;

    private KernelCache(PinnedMaps maps, PinnedPrograms programs, IDeviceHooks hooks, SharedMemory memory, PuntRings punts, bool tookOver)
    {
        this.maps = maps;
        this.programs = programs;
        this.hooks = hooks;
        Memory = memory;
        Punts = punts;
        TookOver = tookOver;
    }

    /// <summary>The memory, for a <see cref="FlowTable"/> and the tables. Gone when this object is disposed.</summary>
    public SharedMemory Memory { get; }

    /// <summary>Small packets that come up, by worker.</summary>
    public PuntRings Punts { get; }

    /// <summary>The memory is an earlier process's, with its flows.</summary>
    public bool TookOver { get; }

    /// <summary>tcx or clsact.</summary>
    public string HookKind => hooks is TcxHooks ? "tcx" : "clsact";

    /// <summary>Devices whose ingress runs a program, those of an earlier process among them.</summary>
    public IReadOnlyList<(uint InterfaceIndex, HookRole Role)> Attached =>
        [.. hooks.Attached.Select(static h => (h.InterfaceIndex, h.Role))];

    internal PinnedPrograms Programs => programs;

    /// <summary>
    /// Loads the programs, with the pinned memory when it has this layout and these sizes, else with a new one that replaces it; those that this
    /// very build has pinned with that memory are taken as they are. Devices that have a program of an earlier process run the new one at once.
    /// </summary>
    /// <exception cref="KernelCacheException">The kernel or this machine cannot run them.</exception>
    public static KernelCache Open(KernelCacheOptions options)
    {
        KernelSupport.Require();
        KernelSupport.RequireRights();
        var folder = PinFolder.Open(options.PinFolder, LayoutVersion);
        try
        {
            return Open(folder, options);
        }
        catch (KernelCacheException) when (!folder.AllVersions().Any())
        {
            TryRemoveRoot(folder);
            throw;
        }
    }

    // Who may not load programs may not unmount either; why there are none is what to say.
    private static void TryRemoveRoot(PinFolder folder)
    {
        try
        {
            folder.RemoveRoot();
        }
        catch (KernelCacheException) { }
    }

    /// <summary>Detaches every program and removes all that was pinned, by this build or another: the node is as if it had never been there.</summary>
    public static void Remove(string pinFolder)
    {
        var folder = PinFolder.Existing(pinFolder, LayoutVersion);
        if (folder.AllVersions().Any())
        {
            KernelSupport.Require();
            RemovePins(folder);
        }

        folder.RemoveRoot();
    }

    /// <summary>Runs the program for frames of virtual machines at a device's ingress. Its slots are to be in the memory before.</summary>
    /// <exception cref="KernelCacheException">The kernel refuses, or the memory has no slot for the device.</exception>
    public void AttachVif(uint interfaceIndex) => Attach(new DeviceHook(HookRole.Vif, interfaceIndex));

    /// <summary>Runs the program for packets of the underlay at a device's ingress.</summary>
    /// <exception cref="KernelCacheException">The kernel refuses, or the memory has no slot for the device.</exception>
    public void AttachUplink(uint interfaceIndex) => Attach(new DeviceHook(HookRole.Uplink, interfaceIndex));

    public void Detach(uint interfaceIndex)
    {
        hooks.Detach(new DeviceHook(HookRole.Vif, interfaceIndex));
        hooks.Detach(new DeviceHook(HookRole.Uplink, interfaceIndex));
    }

    /// <summary>Lets go of the memory; what is attached stays.</summary>
    public void Dispose()
    {
        Punts.Dispose();
        Memory.Dispose();
        programs.Dispose();
        maps.Dispose();
    }

    private static KernelCache Open(PinFolder folder, KernelCacheOptions options)
    {
        var sizes = options.Sizes with { Processors = Libbpf.PossibleProcessors(), Workers = SharedSizes.MaxWorkers };
        var plan = MapPlan.For(sizes);
        var config = new ProgramConfig { Vifs = (uint)sizes.Vifs, Reports = options.ReportsRuns ? 1u : 0 };
        var build = KernelObject.BuildOf(config);
        var pinned = PinnedMaps.TryOpen(folder, plan);
        var tookOver = pinned is not null;
        var taken = tookOver ? PinnedPrograms.TryOpen(folder, build) : null;
        try
        {
            if (taken is null)
            {
                using var loaded = KernelObject.Load(plan, config, pinned);
                pinned ??= PinMaps(loaded, folder, plan);
                taken = PinnedPrograms.Pin(loaded, folder, build);
            }

            var memory = MappedMemory.Map(pinned!, sizes, plan);
            memory.Host.Seed = tookOver ? memory.Host.Seed : options.Seed;
            var rings = PuntRings.Open(folder, pinned![MapPlan.Rings], options.Workers, options.RingBytes);
            memory.Host.Workers = (uint)options.Workers;
            rings.TakeLeft(folder, pinned[MapPlan.Rings], options.RingBytes);
            var cache = new KernelCache(pinned, taken, HooksOf(folder, taken, options), memory, rings, tookOver);
            cache.Refresh();
            cache.TakeFrom(cache.hooks is TcxHooks ? new ClsactHooks(folder) : new TcxHooks(folder));
            return cache;
        }
        catch (KernelCacheException)
        {
            taken?.Dispose();
            pinned?.Dispose();
            throw;
        }
    }

    private static PinnedMaps PinMaps(KernelObject loaded, PinFolder folder, IReadOnlyList<MapPlan> plan)
    {
        RemovePins(folder);
        folder.CreateSubfolders();
        loaded.PinMaps(folder.Maps, plan);
        return PinnedMaps.TryOpen(folder, plan) ?? throw KernelCacheException.OfLastError($"opening what was pinned in {folder.Maps}");
    }

    private static IDeviceHooks HooksOf(PinFolder folder, PinnedPrograms programs, KernelCacheOptions options) =>
        !options.WithoutTcx && TcxHooks.IsSupported(programs.Program("vif_ingress")) ? new TcxHooks(folder) : new ClsactHooks(folder);

    private static void RemovePins(PinFolder folder)
    {
        foreach (var version in folder.AllVersions())
        {
            DetachAll(new TcxHooks(version));
            DetachAll(new ClsactHooks(version));
            version.RemoveVersion();
        }
    }

    private static void DetachAll(IDeviceHooks attached) => attached.Attached.ToList().ForEach(attached.Detach);

    // Where a device has no slot, the program would drop all that comes in.
    private void Attach(DeviceHook hook)
    {
        if (!Memory.Devices.Has(hook.InterfaceIndex))
        {
            throw new KernelCacheException(
                $"network device {hook.InterfaceIndex} has an index above {Memory.Devices.Count - 1}, the last that the kernel's programs know of"
            );
        }

        hooks.Attach(hook, programs.Program(hook.Program));
    }

    // A device of an earlier process that is gone has nothing to run a program at.
    private void Refresh()
    {
        foreach (var hook in hooks.Attached.ToList())
        {
            if (!TryAttach(hook))
            {
                hooks.Detach(hook);
            }
        }
    }

    // An earlier process may have had another way: both programs would count what the first lets through.
    private void TakeFrom(IDeviceHooks others)
    {
        foreach (var hook in others.Attached.ToList())
        {
            TryAttach(hook);
            others.Detach(hook);
        }
    }

    private bool TryAttach(DeviceHook hook)
    {
        try
        {
            Attach(hook);
            return true;
        }
        catch (KernelCacheException)
        {
            return false;
        }
    }
}
