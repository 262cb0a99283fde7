using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Fabric.Datapath.Host.Tests.Network;

/// <summary>Runs work in a named network namespace, on a thread of its own: sockets that it makes are in there. Needs root.</summary>
internal static partial class InNamespace
{
    private const int CloneNewNetwork = 0x4000_0000;

    /// <summary>Ends when the work has ended, with its exception.</summary>
    public static Task<T> Start<T>(string name, Func<T> work)
    {
        var result = new TaskCompletionSource<T>();
        new Thread(() =>
        {
            try
            {
                using SafeFileHandle handle = File.OpenHandle($"/run/netns/{name}");
                if (SetNamespace(handle, CloneNewNetwork) != 0)
                {
                    throw new IOException($"setns {name}: {Marshal.GetLastPInvokeErrorMessage()}");
                }

                result.SetResult(work());
            }
            catch (Exception exception)
            {
                result.SetException(exception);
            }
        }).Start();
        return result.Task;
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle handle, int kind);
}
