using Fabric.Datapath.Kernel.Native;
using Microsoft.Win32.SafeHandles;

namespace Fabric.Datapath.Kernel.Maps;

/// <summary>Part of a map in this process's address space; unmapped once, when disposed or finalised.</summary>
internal sealed class MappedRegion : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly nuint length;

    private MappedRegion(nint address, nuint length)
        : base(ownsHandle: true)
    {
        this.length = length;
        SetHandle(address);
    }

    public nint Address => handle;

    /// <param name="descriptor">A map's.</param>
    /// <param name="length">Bytes, of whole pages.</param>
    /// <param name="offset">Where it begins in the map.</param>
    /// <param name="isWritable">The kernel refuses to write to some parts of a ring.</param>
    public static MappedRegion Map(int descriptor, nuint length, nint offset = 0, bool isWritable = true)
    {
        var protection = Libc.ReadAccess | (isWritable ? Libc.WriteAccess : 0);
        var region = new MappedRegion(Libc.Map(0, length, protection, Libc.MapShared, descriptor, offset), length);
        return region.IsInvalid ? throw KernelCacheException.OfLastError("mapping the kernel's memory") : region;
    }

    protected override bool ReleaseHandle() => Libc.Unmap(handle, length) == 0;
}
