using Microsoft.Win32.SafeHandles;

namespace Fabric.Datapath.Host.Native;

/// <summary>An open file descriptor; closed once, when disposed or finalised.</summary>
internal sealed class Descriptor : SafeHandleMinusOneIsInvalid
{
    public Descriptor()
        : base(ownsHandle: true) { }

    public int Number => (int)handle;

    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
