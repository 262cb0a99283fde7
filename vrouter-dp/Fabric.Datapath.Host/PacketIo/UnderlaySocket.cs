using Fabric.Datapath.Host.Native;

namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// A raw IPv4 socket (IPPROTO_RAW implies IP_HDRINCL): the packet's own header is sent, and the kernel chooses route, next hop and
/// link address as for any packet of the host.
/// </summary>
internal sealed unsafe class UnderlaySocket : IDisposable
{
    private const int SendBufferBytes = 8 << 20;

    /// <exception cref="IOException">The right CAP_NET_RAW is missing.</exception>
    public UnderlaySocket()
    {
        Descriptor = Libc.Socket(
            LinuxConstants.AddressFamilyInet,
            LinuxConstants.SocketRaw | LinuxConstants.SocketNonBlock | LinuxConstants.SocketCloseOnExec,
            LinuxConstants.IpProtocolRaw
        );
        if (Descriptor.IsInvalid)
        {
            throw SystemError.Exception("cannot open a raw IPv4 socket for the uplink (fabric-dp needs CAP_NET_RAW)");
        }

        var size = SendBufferBytes;
        _ = Libc.SetSocketOption(Descriptor, LinuxConstants.LevelSocket, LinuxConstants.OptionSendBufferForce, &size, sizeof(int));
    }

    public Descriptor Descriptor { get; }

    public void Dispose() => Descriptor.Dispose();
}
