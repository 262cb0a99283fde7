using Microsoft.Win32.SafeHandles;

namespace Fabric.Transport.Native;

/// <summary>An open file descriptor; closed once, when disposed or finalised.</summary>
internal sealed class Descriptor : SafeHandleMinusOneIsInvalid
{
    public Descriptor()
        : base(ownsHandle: true) { }

    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
