using Microsoft.Win32.SafeHandles;

namespace Fabric.Datapath.Kernel.Native;

/// <summary>An open file descriptor; closed once, when disposed or finalised.</summary>
internal sealed class Descriptor : SafeHandleMinusOneIsInvalid
{
    public Descriptor()
        : base(ownsHandle: true) { }

    public int Number => (int)handle;

    // libbpf gives a negative error number where the system's calls give -1.
    public override bool IsInvalid => (int)handle < 0;

    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
