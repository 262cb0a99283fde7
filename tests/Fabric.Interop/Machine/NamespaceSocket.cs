using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Fabric.Interop.Machine;

/// <summary>A socket of this process that lives in another network namespace: it stays where its thread was when it was made (setns(2)).</summary>
internal static partial class NamespaceSocket
{
    private const int NetworkNamespace = 0x4000_0000;

    public static Socket Create(LanNode node)
    {
        Socket? socket = null;
        // A thread of its own: it need not find the way back.
        var thread = new Thread(() =>
        {
            using var handle = File.OpenHandle($"/run/netns/{node.Namespace.Name}");
            if (SetNamespace((int)handle.DangerousGetHandle(), NetworkNamespace) == 0)
            {
                socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            }
        });
        thread.Start();
        thread.Join();
        return socket ?? throw new InvalidOperationException($"cannot enter the network namespace of {node.Name}");
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);
}
