using System.Runtime.CompilerServices;
using Fabric.Datapath.Kernel.Maps;
using Fabric.Datapath.Kernel.Native;

namespace Fabric.Datapath.Kernel.Hooks;

/// <summary>
/// Filters of the clsact queue, for kernels without tcx. They stay by themselves; a pin of the program tells a later process of them. Its
/// name ends in "-shared" where the queue was somebody else's before, and stays. The filter has a handle that others do not choose: with the
/// usual one it would take the place of another's.
/// </summary>
internal sealed unsafe class ClsactHooks(PinFolder folder) : IDeviceHooks
{
    private const uint Priority = 1;
    private const uint Handle = 0xFAB;

    // That of builds before this one.
    private const uint FormerHandle = 1;
    private const int Exists = 17;
    private const string Shared = "-shared";

    public IEnumerable<DeviceHook> Attached =>
        PinFolder
            .PinsIn(folder.Filters)
            .Select(static pin => DeviceHook.Parse(Path.GetFileName(pin).Replace(Shared, "", StringComparison.Ordinal)))
            .OfType<DeviceHook>();

    public void Attach(DeviceHook hook, int program)
    {
        var queue = TcHook.At(hook.InterfaceIndex, TcHook.Ingress);
        var created = Libbpf.CreateHook(ref queue);
        Check(created == -Exists ? 0 : created, "making a clsact queue", hook);
        var filter = Filter(Handle);
        filter.Program = program;
        filter.Flags = TcFilter.Replace;
        Check(Libbpf.Attach(queue, ref filter), $"attaching {hook.Program}", hook);
        RemoveFormer(hook, queue);
        var wasShared = File.Exists(PathOf(hook) + Shared);
        var isOurs = created == 0 || File.Exists(PathOf(hook));
        File.Delete(PathOf(hook));
        File.Delete(PathOf(hook) + Shared);
        Check(Libbpf.Pin(program, PathOf(hook) + (isOurs && !wasShared ? "" : Shared)), "pinning its program", hook);
    }

    public void Detach(DeviceHook hook)
    {
        var isOurs = File.Exists(PathOf(hook));
        if (!isOurs && !File.Exists(PathOf(hook) + Shared))
        {
            return;
        }

        // A device that is gone took its queue with it.
        var queue = TcHook.At(hook.InterfaceIndex, TcHook.Ingress);
        Libbpf.Detach(queue, Filter(Handle));
        RemoveFormer(hook, queue);
        if (isOurs && !ClsactQueue.HasFilters(hook.InterfaceIndex))
        {
            var whole = TcHook.At(hook.InterfaceIndex, TcHook.Ingress | TcHook.Egress);
            Libbpf.DestroyHook(ref whole);
        }

        File.Delete(PathOf(hook));
        File.Delete(PathOf(hook) + Shared);
    }

    // A filter is ours when it has the program that is pinned for the device.
    private void RemoveFormer(DeviceHook hook, in TcHook queue)
    {
        var filter = Filter(FormerHandle);
        if (
            Libbpf.Query(queue, ref filter) == 0
            && (IsPinned(filter.ProgramId, PathOf(hook)) || IsPinned(filter.ProgramId, PathOf(hook) + Shared))
        )
        {
            Libbpf.Detach(queue, Filter(FormerHandle));
        }
    }

    private static bool IsPinned(uint program, string path)
    {
        using var pin = Libbpf.OpenPin(path);
        ProgramInfo info;
        var size = (uint)Unsafe.SizeOf<ProgramInfo>();
        return !pin.IsInvalid && Libbpf.Describe(pin, &info, &size) == 0 && info.Id == program;
    }

    private static TcFilter Filter(uint handle) =>
        new()
        {
            Size = (nuint)Unsafe.SizeOf<TcFilter>(),
            Handle = handle,
            Priority = Priority,
        };

    private string PathOf(DeviceHook hook) => Path.Combine(folder.Filters, hook.Name);

    private static void Check(int result, string attempt, DeviceHook hook)
    {
        if (result != 0)
        {
            throw KernelCacheException.Of($"{attempt} at device {hook.InterfaceIndex}", -result);
        }
    }
}
