using Microsoft.Win32.SafeHandles;

namespace Fabric.Datapath.Kernel.Native;

/// <summary>An open file descriptor; closed once, when disposed or finalised.</summary>
internal sealed class Descriptor : SafeHandleMinusOneIsInvalid
{
    public Descriptor()
        : base(ownsHandle: true) { }

    private Descriptor(int number)
        : base(ownsHandle: false) => SetHandle(number);

    public int Number => (int)handle;

    // Calls give an int, of which a handle's upper half knows nothing; and libbpf a negative error number where the system's calls give -1.
    public override bool IsInvalid => (int)handle < 0;

    /// <summary>A descriptor that somebody else closes.</summary>
    public static Descriptor Borrow(int number) => new(number);

    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
