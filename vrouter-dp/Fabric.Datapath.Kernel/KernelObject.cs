using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fabric.Datapath.Kernel.Maps;
using Fabric.Datapath.Kernel.Native;

namespace Fabric.Datapath.Kernel;

/// <summary>The programs and maps of bpf/fabric.bpf.c, loaded into the kernel.</summary>
internal sealed unsafe class KernelObject : IDisposable
{
    private readonly BpfObjectHandle handle;

    private KernelObject(BpfObjectHandle handle) => this.handle = handle;

    /// <summary>Loads the object.</summary>
    /// <param name="plan">Sizes of its maps.</param>
    /// <param name="config">Constants of the programs.</param>
    /// <param name="pinned">Maps to use in place of new ones, or null.</param>
    /// <exception cref="KernelCacheException">The kernel refuses it; with the verifier's words.</exception>
    public static KernelObject Load(IReadOnlyList<MapPlan> plan, ProgramConfig config, PinnedMaps? pinned)
    {
        KernelSupport.Require();
        KernelLog.Begin();
        var kernelObject = new KernelObject(Open());
        try
        {
            kernelObject.Prepare(plan, config, pinned);
            Check(Libbpf.Load(kernelObject.handle), "loading the kernel's programs");
            KernelLog.End();
            return kernelObject;
        }
        catch (KernelCacheException)
        {
            kernelObject.Dispose();
            throw;
        }
    }

    /// <summary>Says which programs these are: others of the same name come from another build, or have other constants.</summary>
    public static string BuildOf(ProgramConfig config) => $"{typeof(KernelObject).Module.ModuleVersionId:N}-{config.Vifs}-{config.Reports}";

    public void PinProgram(string name, string path)
    {
        var program = Libbpf.FindProgram(handle, name);
        if (program == 0)
        {
            throw new KernelCacheException($"the object has no program {name}");
        }

        Pin(Libbpf.ProgramDescriptor(program), path);
    }

    public void PinMaps(string folder, IEnumerable<MapPlan> plan)
    {
        foreach (var map in plan)
        {
            Pin(Libbpf.MapDescriptor(Find(map.Name)), Path.Combine(folder, map.Name));
        }
    }

    public void Dispose() => handle.Dispose();

    private static void Pin(int descriptor, string path)
    {
        var result = Libbpf.Pin(descriptor, path);
        if (result != 0)
        {
            throw KernelCacheException.Of($"pinning {path}", -result);
        }
    }

    private static BpfObjectHandle Open()
    {
        using var resource = typeof(KernelObject).Assembly.GetManifestResourceStream("fabric.bpf.o")!;
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        fixed (
            byte* bytes = content,
                name = "fabric"u8
        )
        {
            var options = new OpenOptions { Size = (nuint)Unsafe.SizeOf<OpenOptions>(), Name = name };
            var opened = Libbpf.OpenObject(bytes, (nuint)content.Length, options);
            return opened.IsInvalid ? throw KernelCacheException.OfLastError("reading the kernel's programs", KernelLog.End()) : opened;
        }
    }

    private void Prepare(IReadOnlyList<MapPlan> plan, ProgramConfig config, PinnedMaps? pinned)
    {
        Check(Libbpf.SetInitialValue(Find(".rodata.config"), &config, (nuint)sizeof(ProgramConfig)), "setting the programs' constants");
        foreach (var map in plan)
        {
            Check(Libbpf.SetMaxEntries(Find(map.Name), (uint)map.Elements), $"sizing map {map.Name}");
            if (pinned is not null)
            {
                Check(Libbpf.ReuseDescriptor(Find(map.Name), pinned[map.Name]), $"taking over map {map.Name}");
            }
        }
    }

    private nint Find(string map)
    {
        var found = Libbpf.FindMap(handle, map);
        return found == 0 ? throw new KernelCacheException($"the object has no map {map}") : found;
    }

    private static void Check(int result, string attempt)
    {
        if (result != 0)
        {
            throw KernelCacheException.Of(attempt, -result, KernelLog.End());
        }
    }
}

/// <summary>struct config of bpf/config.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProgramConfig
{
    public uint Vifs;
    public uint Reports;
}
