using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Fabric.Bench.Datapath.Machine;

/// <summary>A blocking socket of the calling thread's network namespace. Its calls allocate nothing; those that wait give up after <see cref="Patience"/>.</summary>
internal sealed unsafe class NativeSocket : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private const int FamilyPacket = 17;
    private const int Stream = 1;
    private const int Datagram = 2;
    private const int Raw = 3;
    private const int ProtocolRaw = 255;
    private const int CloseOnExec = 0x80000;
    private const int LevelSocket = 1;
    private const int OptionReuseAddress = 2;
    private const int OptionReceiveTimeout = 20;
    private const int OptionSendTimeout = 21;
    private const int LevelTcp = 6;
    private const int OptionNoDelay = 1;
    private const int NoSignal = 0x4000;

    // ETH_P_ALL in network order.
    private const ushort AllProtocols = 0x0300;

    private readonly int _descriptor;

    private NativeSocket(int descriptor) => _descriptor = descriptor >= 0 ? descriptor : throw Error("cannot open a socket");

    public static NativeSocket Udp() => new NativeSocket(Libc.Socket(InternetAddress.FamilyInternet, Datagram | CloseOnExec, 0)).Limited();

    public static NativeSocket Tcp()
    {
        var socket = new NativeSocket(Libc.Socket(InternetAddress.FamilyInternet, Stream | CloseOnExec, 0)).Limited();
        socket.Set(LevelSocket, OptionReuseAddress, 1);
        socket.Set(LevelTcp, OptionNoDelay, 1);
        return socket;
    }

    /// <summary>Sends whole IPv4 packets, of which the kernel writes the header's checksum (raw(7)).</summary>
    public static NativeSocket RawIpv4() =>
        new NativeSocket(Libc.Socket(InternetAddress.FamilyInternet, Raw | CloseOnExec, ProtocolRaw)).Limited();

    /// <summary>Sees every frame that a device sends or receives.</summary>
    public static NativeSocket Capture(string device)
    {
        var socket = new NativeSocket(Libc.Socket(FamilyPacket, Raw | CloseOnExec, 0)).Limited();
        var address = new LinkAddress
        {
            Family = FamilyPacket,
            Protocol = AllProtocols,
            Interface = (int)Libc.InterfaceIndex(device),
        };
        socket.Must(Libc.Bind(socket._descriptor, &address, (uint)sizeof(LinkAddress)), $"cannot capture on {device}");
        return socket;
    }

    public void Bind(uint address, ushort port)
    {
        var name = new InternetAddress(address, port);
        Must(Libc.Bind(_descriptor, &name, (uint)sizeof(InternetAddress)), $"cannot bind port {port}");
    }

    public void Listen() => Must(Libc.Listen(_descriptor, 1024), "cannot listen");

    public bool TryConnect(uint address, ushort port)
    {
        var name = new InternetAddress(address, port);
        return Libc.Connect(_descriptor, &name, (uint)sizeof(InternetAddress)) == 0;
    }

    /// <summary>The next connection; null when none came in time.</summary>
    public NativeSocket? Accept()
    {
        var descriptor = Libc.Accept(_descriptor, null, null);
        if (descriptor < 0)
        {
            return null;
        }

        var socket = new NativeSocket(descriptor).Limited();
        socket.Set(LevelTcp, OptionNoDelay, 1);
        return socket;
    }

    public bool TrySend(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return Libc.Send(_descriptor, start, bytes.Length, NoSignal) == bytes.Length;
        }
    }

    /// <summary>Bytes received; 0 at the end of a stream, -1 when nothing came in time.</summary>
    public int Receive(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return (int)Libc.Receive(_descriptor, start, buffer.Length, 0);
        }
    }

    /// <summary>How many of the messages the kernel took.</summary>
    public int Send(MessageSlot* slots, int count) => Libc.SendMessages(_descriptor, slots, (uint)count, 0);

    public void Dispose() => _ = Libc.Close(_descriptor);

    private static BenchException Error(string what) => new($"{what}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    private NativeSocket Limited()
    {
        // struct timeval
        var time = stackalloc long[] { 0, (long)Patience.TotalMicroseconds };
        Must(Libc.SetOption(_descriptor, LevelSocket, OptionReceiveTimeout, time, 16), "cannot limit a socket's waiting");
        Must(Libc.SetOption(_descriptor, LevelSocket, OptionSendTimeout, time, 16), "cannot limit a socket's waiting");
        return this;
    }

    private void Set(int level, int option, int value) =>
        Must(Libc.SetOption(_descriptor, level, option, &value, sizeof(int)), $"cannot set socket option {level}/{option}");

    private void Must(int result, string what)
    {
        if (result < 0)
        {
            throw Error(what);
        }
    }
}
