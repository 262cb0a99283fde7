using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Fabric.Runtime;

namespace Fabric.Transport;

/// <summary>Makes the sockets of both transports.</summary>
internal static class StreamSocket
{
    private const int Backlog = 512;

    /// <summary>False where the system has none to give; <paramref name="reason"/> says why.</summary>
    public static bool TryCreate(EndPoint endPoint, [NotNullWhen(true)] out Socket? socket, [NotNullWhen(false)] out string? reason)
    {
        try
        {
            (socket, reason) = (Create(endPoint), null);
            return true;
        }
        catch (SocketException exception)
        {
            (socket, reason) = (null, exception.Message);
            return false;
        }
    }

    private static Socket Create(EndPoint endPoint) =>
        endPoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);

    /// <exception cref="IOException">The end point cannot be bound; the message names it and the cause.</exception>
    public static Socket Listen(EndPoint local)
    {
        if (!TryCreate(local, out var socket, out var reason))
        {
            throw new IOException($"Cannot listen on {local}: {reason}.");
        }

        try
        {
            if (local is UnixDomainSocketEndPoint stale)
            {
                UnixSocketFile.RemoveStale(stale);
            }

            // Bind sets SO_REUSEADDR by itself on Unix; asking for it here would add SO_REUSEPORT and let two processes share the port.
            socket.Bind(local);
            socket.Listen(Backlog);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new IOException($"Cannot listen on {local}: {exception.Message}.", exception);
        }

        if (local is UnixDomainSocketEndPoint unix)
        {
            UnixSocketFile.Restrict(unix);
        }

        return socket;
    }

    /// <summary>The file of a unix socket goes with its listener.</summary>
    public static void RemoveFile(EndPoint local)
    {
        if (local is UnixDomainSocketEndPoint unix)
        {
            File.Delete(unix.ToString());
        }
    }
}
