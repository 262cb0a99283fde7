using System.Runtime.InteropServices;

namespace Fabric.Datapath.Kernel;

/// <summary>The kernel's programs cannot be had: what was tried, the system's reason, and what libbpf and the verifier said. The C# pipeline forwards alone then.</summary>
public sealed class KernelCacheException : Exception
{
    public KernelCacheException() { }

    public KernelCacheException(string message)
        : base(message) { }

    public KernelCacheException(string message, Exception innerException)
        : base(message, innerException) { }

    internal static KernelCacheException Of(string attempt, int error, string log = "") =>
        new($"{attempt}: {Marshal.GetPInvokeErrorMessage(error)}{(log.Length == 0 ? "" : "\n" + log)}");

    internal static KernelCacheException OfLastError(string attempt, string log = "") => Of(attempt, Marshal.GetLastPInvokeError(), log);
}
