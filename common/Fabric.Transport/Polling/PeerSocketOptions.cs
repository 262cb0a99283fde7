using System.Net;
using System.Net.Sockets;
using System.Text;
using Fabric.Runtime;

namespace Fabric.Transport.Polling;

/// <summary>The Linux socket options behind <see cref="PeerTcpOptions"/> (include/uapi/linux: in.h, in6.h, tcp.h).</summary>
internal static class PeerSocketOptions
{
    public const int SystemTtl = -1;

    private const int LevelIp = 0;
    private const int LevelTcp = 6;
    private const int LevelIpv6 = 41;
    private const int IpTypeOfService = 1;
    private const int IpTtl = 2;
    private const int IpMinimumTtl = 21;
    private const int Ipv6UnicastHops = 16;
    private const int Ipv6TrafficClass = 67;
    private const int Ipv6MinimumHops = 73;
    private const int TcpMd5SignatureExtended = 32;

    // DSCP CS6, network control (RFC 4594 section 3.1), above the two bits of ECN.
    private const int NetworkControl = 48 << 2;

    // struct tcp_md5sig: address 128, flags 1, prefix length 1, key length 2, interface 4, key 80.
    private const int SignatureBytes = 216;
    private const int FlagsOffset = 128;
    private const int PrefixLengthOffset = 129;
    private const int KeyLengthOffset = 130;
    private const int KeyOffset = 136;
    private const byte FlagPrefix = 1;

    // In struct sockaddr_in, struct sockaddr_in6.
    private const int Ipv4AddressOffset = 4;
    private const int Ipv6AddressOffset = 8;

    public static void MarkAsNetworkControl(Socket socket)
    {
        if (IsIpv6(socket))
        {
            Set(socket, LevelIpv6, Ipv6TrafficClass, NetworkControl);
        }
        else if (socket.AddressFamily == AddressFamily.InterNetwork)
        {
            Set(socket, LevelIp, IpTypeOfService, NetworkControl);
        }
    }

    public static void SetTtl(Socket socket, int ttl) =>
        Set(socket, IsIpv6(socket) ? LevelIpv6 : LevelIp, IsIpv6(socket) ? Ipv6UnicastHops : IpTtl, ttl);

    public static void SetMinimumTtl(Socket socket, byte ttl) =>
        Set(socket, IsIpv6(socket) ? LevelIpv6 : LevelIp, IsIpv6(socket) ? Ipv6MinimumHops : IpMinimumTtl, ttl);

    /// <summary>Signs what goes to and is to come from the peers, or ends that where the key is null (RFC 2385).</summary>
    public static void SetMd5Key(Socket socket, IPNetwork peers, string? key)
    {
        Span<byte> signature = stackalloc byte[SignatureBytes];
        signature.Clear();
        // sa_family is of the host's order, like the lengths.
        BitConverter.TryWriteBytes(signature, (ushort)(IsIpv6(socket) ? 10 : 2));
        peers.BaseAddress.TryWriteBytes(signature[(IsIpv6(socket) ? Ipv6AddressOffset : Ipv4AddressOffset)..], out _);
        signature[FlagsOffset] = FlagPrefix;
        signature[PrefixLengthOffset] = (byte)peers.PrefixLength;
        var length = key is null ? 0 : Encoding.UTF8.GetBytes(key, signature[KeyOffset..]);
        BitConverter.TryWriteBytes(signature[KeyLengthOffset..], (ushort)length);
        socket.SetRawSocketOption(LevelTcp, TcpMd5SignatureExtended, signature);
    }

    private static bool IsIpv6(Socket socket) => socket.AddressFamily == AddressFamily.InterNetworkV6;

    private static void Set(Socket socket, int level, int name, int value) =>
        socket.SetRawSocketOption(level, name, BitConverter.GetBytes(value));
}
