using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Fabric.Routing;

/// <summary>A piece of native memory, zeroed; what nobody frees goes with its finalizer.</summary>
internal sealed unsafe class NativeBlock : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <exception cref="OutOfMemoryException">The system has no more.</exception>
    public NativeBlock(nuint bytes)
        : base(ownsHandle: true) => SetHandle((nint)NativeMemory.AllocZeroed(bytes));

    public void* Address => (void*)handle;

    protected override bool ReleaseHandle()
    {
        NativeMemory.Free(Address);
        return true;
    }
}
