using System.Runtime.InteropServices;

namespace Fabric.Datapath.Kernel.Native;

/// <summary>What the programs need beside a kernel that takes them.</summary>
internal static class KernelSupport
{
    /// <exception cref="KernelCacheException">Something is missing, and what.</exception>
    public static void Require()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            throw new KernelCacheException("the flow memory relies on the order of loads that x86-64 has");
        }

        if (!NativeLibrary.TryLoad(Libbpf.Library, out _))
        {
            throw new KernelCacheException($"{Libbpf.Library} is not installed (Debian package libbpf1)");
        }
    }
}
