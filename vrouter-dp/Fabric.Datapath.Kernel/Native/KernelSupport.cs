using System.Globalization;
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

    /// <summary>
    /// What loading the programs needs, where the kernel itself would say no more than "not permitted", or what the verifier takes amiss of those who may
    /// not know addresses.
    /// </summary>
    /// <exception cref="KernelCacheException">The process lacks a right, and which.</exception>
    public static void RequireRights()
    {
        const string Effective = "CapEff:";
        var line = File.ReadLines("/proc/thread-self/status").First(static line => line.StartsWith(Effective, StringComparison.Ordinal));
        var rights = ulong.Parse(line.AsSpan(Effective.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var missing = Rights
            .Where(right => (rights & (1ul << right.Number | right.Implied)) == 0)
            .Select(static right => right.Name)
            .ToList();
        if (missing.Count > 0)
        {
            throw new KernelCacheException($"the process lacks {string.Join(" and ", missing)}, which loading the kernel's programs needs");
        }
    }

    private const ulong SystemAdministration = 1ul << 21;

    // linux/capability.h, and what has each of them in it.
    private static readonly (string Name, int Number, ulong Implied)[] Rights =
    [
        ("CAP_NET_ADMIN", 12, 0),
        ("CAP_PERFMON", 38, SystemAdministration),
        ("CAP_BPF", 39, SystemAdministration),
    ];
}
