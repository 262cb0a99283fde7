using System.Runtime.InteropServices;

namespace Fabric.Datapath.Host.Tests.Network;

/// <summary>Runs a test in a network namespace of its own, on a thread of its own; programs started by it are in there too. Needs root.</summary>
internal static partial class OwnNamespace
{
    private const int CloneNewNetwork = 0x4000_0000;

    public static void Run(Action test)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Assert.That(Unshare(CloneNewNetwork), Is.Zero, "unshare");
                test();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);
}
