using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections.Features;

namespace Fabric.Controller.Api;

/// <summary>Who asks: until there are accounts, the user of the process at the other end of the unix socket, which the kernel vouches for.</summary>
internal static class ApiCaller
{
    // struct ucred: pid, uid, gid, of four octets each (unix(7)).
    private const int CredentialOctets = 12;
    private const int UserOffset = 4;
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    /// <summary>"uid 1000", or "local" where it came over TCP.</summary>
    public static string Of(HttpContext context)
    {
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is not { AddressFamily: AddressFamily.Unix } socket)
        {
            return "local";
        }

        Span<byte> credentials = stackalloc byte[CredentialOctets];
        var octets = socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return octets == CredentialOctets ? $"uid {MemoryMarshal.Read<uint>(credentials[UserOffset..])}" : "local";
    }
}
