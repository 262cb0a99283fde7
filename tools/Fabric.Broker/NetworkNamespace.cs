using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Fabric.Broker;

/// <summary>
/// A network namespace of Linux (setns(2), unshare(2)). A socket belongs for ever to the namespace of the thread that makes it, whoever uses it later; so
/// it is enough to be inside while one is made. A new thread begins where its maker is, so that those of the pool may be anywhere: who makes a socket says where.
/// </summary>
internal sealed partial class NetworkNamespace
{
    private const string OfThisThread = "/proc/thread-self/ns/net";
    private const string PortRange = "/proc/sys/net/ipv4/ip_local_port_range";
    private const int Network = 0x40000000;

    // netdevice(7): struct ifreq begins with the name in 16 octets, then the flags.
    private const nuint GetFlags = 0x8913;
    private const nuint SetFlags = 0x8914;
    private const int RequestLength = 40;
    private const int FlagsOffset = 16;
    private const short IsUp = 1;

    private readonly SafeFileHandle _handle;

    private NetworkNamespace(SafeFileHandle handle) => _handle = handle;

    /// <summary>That of the calling thread.</summary>
    public static NetworkNamespace Current() => Open(OfThisThread);

    /// <summary>The one that a path names, such as <c>/run/netns/NAME</c>.</summary>
    /// <exception cref="IOException">There is none.</exception>
    public static NetworkNamespace Open(string path) => new(File.OpenHandle(path));

    /// <summary>A new one, whose loopback is up. It ends with its last socket and this program.</summary>
    /// <exception cref="Win32Exception">That wants more rights.</exception>
    public static NetworkNamespace Create()
    {
        using var before = File.OpenHandle(OfThisThread);
        Require(Unshare(Network));
        try
        {
            SetLoopbackUp();
            return new NetworkNamespace(File.OpenHandle(OfThisThread));
        }
        finally
        {
            Enter(before);
        }
    }

    /// <exception cref="Win32Exception">It may not be entered, or is no network namespace.</exception>
    public T Inside<T>(Func<T> action)
    {
        using var before = File.OpenHandle(OfThisThread);
        Enter(_handle);
        try
        {
            return action();
        }
        finally
        {
            Enter(before);
        }
    }

    /// <summary>As <see cref="Inside{T}"/>; where the kernel is asked for any port meanwhile, it has only this one.</summary>
    public T InsideWithOnlyPort<T>(int port, Func<T> action) =>
        Inside(() =>
        {
            var range = File.ReadAllText(PortRange);
            File.WriteAllText(PortRange, $"{port} {port}");
            try
            {
                return action();
            }
            finally
            {
                File.WriteAllText(PortRange, range);
            }
        });

    private static void SetLoopbackUp()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Span<byte> request = stackalloc byte[RequestLength];
        request.Clear();
        "lo"u8.CopyTo(request);
        Require(Control(socket.SafeHandle, GetFlags, request));
        var flags = MemoryMarshal.Read<short>(request[FlagsOffset..]);
        MemoryMarshal.Write(request[FlagsOffset..], (short)(flags | IsUp));
        Require(Control(socket.SafeHandle, SetFlags, request));
    }

    private static void Enter(SafeFileHandle handle) => Require(EnterNamespace(handle, Network));

    private static void Require(int result)
    {
        if (result != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int EnterNamespace(SafeFileHandle handle, int kind);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int kinds);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeSocketHandle handle, nuint request, Span<byte> value);
}
