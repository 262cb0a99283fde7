namespace Fabric.Datapath.Host.Native;

/// <summary>Numbers of the Linux ABI (include/uapi), the same on x86-64 and arm64.</summary>
internal static class LinuxConstants
{
    public const int EpollCloseOnExec = 0x80000;
    public const int EpollAdd = 1;
    public const int EpollDelete = 2;
    public const uint EpollIn = 1;

    // PRIO_PROCESS; with 0 for who, the calling thread.
    public const int PriorityOfThread = 0;

    public const int EventNonBlock = 0x800;
    public const int EventCloseOnExec = 0x80000;

    public const int AddressFamilyInet = 2;
    public const int AddressFamilyNetlink = 16;
    public const int AddressFamilyPacket = 17;

    public const int SocketDatagram = 2;
    public const int SocketRaw = 3;
    public const int SocketNonBlock = 0x800;
    public const int SocketCloseOnExec = 0x80000;

    public const int LevelIp = 0;
    public const int LevelSocket = 1;
    public const int LevelUdp = 17;
    public const int LevelPacket = 263;

    public const int OptionAttachFilter = 26;
    public const int OptionSendBufferForce = 32;
    public const int OptionReceiveBufferForce = 33;

    public const int IpProtocolRaw = 255;

    // IP_PMTUDISC_PROBE: DF is set, and only the device's MTU counts.
    public const int IpTimeToLive = 2;
    public const int IpMtuDiscover = 10;
    public const int MtuDiscoverProbe = 3;

    public const int UdpSegment = 103;

    public const int PacketStatistics = 6;
    public const int PacketFanout = 18;
    public const int PacketFanoutData = 22;

    // PACKET_FANOUT_CBPF; PACKET_FANOUT_FLAG_UNIQUEID, PACKET_FANOUT_FLAG_IGNORE_OUTGOING.
    public const uint FanoutByProgram = 6;
    public const uint FanoutUniqueId = 0x2000;
    public const uint FanoutIgnoreOutgoing = 0x4000;
    public const int PacketVnetHeader = 15;
    public const int PacketIgnoreOutgoing = 23;

    public const ushort EtherTypeAll = 3;

    public const int MessageDontWait = 0x40;
    public const int MessageTruncated = 0x20;

    public const int NetlinkRoute = 0;
    public const uint NetlinkGroupLink = 1;
    public const uint NetlinkGroupIpv4Address = 0x10;
    public const uint NetlinkGroupIpv4Route = 0x40;

    public const int OpenReadWrite = 2;
    public const int OpenNonBlock = 0x800;
    public const int OpenCloseOnExec = 0x80000;

    // TUNSETIFF with IFF_TAP | IFF_NO_PI | IFF_VNET_HDR; TUNSETOFFLOAD with TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6, and TUN_F_USO4.
    public const nuint SetTapInterface = 0x4004_54CA;
    public const ushort TapFlags = 0x0002 | 0x1000 | 0x4000;
    public const nuint SetTapOffloads = 0x4004_54D0;
    public const nuint TapOffloads = 1 | 2 | 4;
    public const nuint TapOffloadUdp = 0x20 | 0x40;

    public const nuint GetInterfaceFlags = 0x8913;
    public const nuint SetInterfaceFlags = 0x8914;
    public const nuint SetInterfaceMtu = 0x8922;
    public const nuint GetHardwareAddress = 0x8927;
    public const ushort HardwareEthernet = 1;
    public const short InterfaceUp = 1;
}
