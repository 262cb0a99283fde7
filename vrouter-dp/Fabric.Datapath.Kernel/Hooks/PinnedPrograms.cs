using Fabric.Datapath.Kernel.Maps;
using Fabric.Datapath.Kernel.Native;

namespace Fabric.Datapath.Kernel.Hooks;

/// <summary>
/// The programs of one build, pinned beside the maps that they use: a process of the same build takes them over, and the kernel need not verify
/// them again, which takes most of a start.
/// </summary>
internal sealed class PinnedPrograms : IDisposable
{
    private static readonly string[] names = [.. Enum.GetValues<HookRole>().Select(static role => new DeviceHook(role, 0).Program)];

    private readonly Dictionary<string, Descriptor> programs = new(StringComparer.Ordinal);

    private PinnedPrograms() { }

    /// <summary>Both programs of the build, or null when one is missing.</summary>
    public static PinnedPrograms? TryOpen(PinFolder folder, string build)
    {
        var pinned = new PinnedPrograms();
        foreach (var name in names)
        {
            var descriptor = Libbpf.OpenPin(Path.Combine(folder.ProgramsOf(build), name));
            pinned.programs.Add(name, descriptor);
            if (descriptor.IsInvalid)
            {
                pinned.Dispose();
                return null;
            }
        }

        return pinned;
    }

    /// <summary>Pins what was loaded, in place of any other build's.</summary>
    /// <exception cref="KernelCacheException">The kernel refuses.</exception>
    public static PinnedPrograms Pin(KernelObject loaded, PinFolder folder, string build)
    {
        folder.RemovePrograms();
        var path = folder.CreateProgramsOf(build);
        foreach (var name in names)
        {
            loaded.PinProgram(name, Path.Combine(path, name));
        }

        return TryOpen(folder, build) ?? throw KernelCacheException.OfLastError($"opening what was pinned in {path}");
    }

    /// <summary>The program's descriptor; this object's.</summary>
    public int Program(string name) => programs[name].Number;

    public void Dispose()
    {
        foreach (var descriptor in programs.Values)
        {
            descriptor.Dispose();
        }
    }
}
