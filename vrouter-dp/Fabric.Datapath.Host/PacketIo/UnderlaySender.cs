using Fabric.Datapath.Host.Native;

namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// A raw IPv4 socket (IPPROTO_RAW implies IP_HDRINCL): the packet's own header is sent, and the kernel chooses route, next hop and
/// link address as for any packet of the host.
/// </summary>
internal sealed unsafe class UnderlaySender : IDisposable
{
    private const int SendBufferBytes = 8 << 20;
    private const int DestinationOffset = 16;
    private const int MinimumHeader = 20;

    /// <exception cref="IOException">The right CAP_NET_RAW is missing.</exception>
    public UnderlaySender()
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

    /// <summary>Sends a whole IPv4 packet to the destination in its header; false when the kernel refuses it (no route, too long for the link).</summary>
    public bool TrySend(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < MinimumHeader)
        {
            return false;
        }

        fixed (byte* bytes = packet)
        {
            var address = new InternetAddress { Family = LinuxConstants.AddressFamilyInet, Address = *(uint*)(bytes + DestinationOffset) };
            return Libc.SendTo(Descriptor, bytes, packet.Length, LinuxConstants.MessageDontWait, &address, (uint)sizeof(InternetAddress))
                >= 0;
        }
    }

    public void Dispose() => Descriptor.Dispose();

    /// <summary>struct sockaddr_in; the address is in network order.</summary>
    private struct InternetAddress
    {
        public ushort Family;
        public ushort Port;
        public uint Address;
        public ulong Zero;
    }
}
