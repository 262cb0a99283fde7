using System.Runtime.CompilerServices;
using Fabric.Datapath.Kernel.Maps;
using Fabric.Datapath.Kernel.Native;

namespace Fabric.Datapath.Kernel.Hooks;

/// <summary>
/// Filters of the clsact queue, for kernels without tcx. They stay by themselves; a pin of the program tells a later process of them. Its
/// name ends in "-shared" where the queue was somebody else's before, and stays.
/// </summary>
internal sealed class ClsactHooks(PinFolder folder) : IDeviceHooks
{
    private const uint Priority = 1;
    private const uint Handle = 1;
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
        var filter = Filter();
        filter.Program = program;
        filter.Flags = TcFilter.Replace;
        Check(Libbpf.Attach(queue, ref filter), $"attaching {hook.Program}", hook);
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
        Libbpf.Detach(queue, Filter());
        if (isOurs)
        {
            var whole = TcHook.At(hook.InterfaceIndex, TcHook.Ingress | TcHook.Egress);
            Libbpf.DestroyHook(ref whole);
        }

        File.Delete(PathOf(hook));
        File.Delete(PathOf(hook) + Shared);
    }

    private static TcFilter Filter() =>
        new()
        {
            Size = (nuint)Unsafe.SizeOf<TcFilter>(),
            Handle = Handle,
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
