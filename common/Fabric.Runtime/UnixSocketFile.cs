using System.Net.Sockets;

namespace Fabric.Runtime;

/// <summary>The file of a unix socket outlives a process that was killed; the next owner removes it, but never one that answers.</summary>
public static class UnixSocketFile
{
    /// <exception cref="IOException">Another process answers there.</exception>
    public static void RemoveStale(UnixDomainSocketEndPoint endPoint)
    {
        var path = endPoint.ToString();
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(endPoint);
        }
        catch (SocketException)
        {
            File.Delete(path);
            return;
        }

        throw new IOException($"Cannot listen on {path}: another process answers there.");
    }

    /// <summary>Only the owner may connect: whoever can open the socket drives the process.</summary>
    public static void Restrict(UnixDomainSocketEndPoint endPoint) =>
        File.SetUnixFileMode(endPoint.ToString(), UnixFileMode.UserRead | UnixFileMode.UserWrite);
}
