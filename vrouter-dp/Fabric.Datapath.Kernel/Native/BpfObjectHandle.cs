using Microsoft.Win32.SafeHandles;

namespace Fabric.Datapath.Kernel.Native;

/// <summary>struct bpf_object: an object file with its maps and programs. Closing it closes their descriptors.</summary>
internal sealed class BpfObjectHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public BpfObjectHandle()
        : base(ownsHandle: true) { }

    protected override bool ReleaseHandle()
    {
        Libbpf.Close(handle);
        return true;
    }
}
