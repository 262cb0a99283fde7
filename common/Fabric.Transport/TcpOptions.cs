using System.Net.Sockets;

namespace Fabric.Transport;

/// <summary>
/// A silent peer is found by TCP, sooner than by the protocols' hold timers: idle 5 s, three probes 3 s apart (the figures of the
/// XMPP contract, section 1.1).
/// </summary>
internal static class TcpOptions
{
    private const int LinuxTcpUserTimeout = 18;
    private const int UserTimeoutMilliseconds = 15_000;

    /// <summary>
    /// Gives up after 15 s of unacknowledged data too. Linux counts a window that stays closed as such, so this is not for sessions
    /// whose far end may stop reading for longer.
    /// </summary>
    public static void ApplyWithUserTimeout(Socket socket)
    {
        Apply(socket);
        socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, LinuxTcpUserTimeout, BitConverter.GetBytes(UserTimeoutMilliseconds));
    }

    public static void Apply(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 3);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }
}
