using System.Buffers.Binary;
using System.Security.Cryptography;
using Fabric.Datapath.Host.Native;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// An AF_PACKET socket bound to one device. It listens as ETH_P_ALL: such taps see a packet before the netfilter ingress hook, where
/// the guard keeps it from the host's own stack; a tap for one EtherType comes after that hook and would see nothing.
/// </summary>
internal sealed unsafe class PacketSocket : IDisposable
{
    private const int ReceiveBufferBytes = 16 << 20;
    private const int SendBufferBytes = 4 << 20;

    private const int GroupIdBits = 16;
    private SocketFilter.Instruction[] _filter = SocketFilter.Everything();

    private PacketSocket(Descriptor descriptor) => Descriptor = descriptor;

    public Descriptor Descriptor { get; }

    /// <summary>Whole Ethernet frames with a virtio_net_hdr, both ways.</summary>
    /// <exception cref="IOException">The device is gone, or the right CAP_NET_RAW is missing.</exception>
    public static PacketSocket OpenFrames(NetworkDevice device) =>
        Open(
            device,
            LinuxConstants.SocketRaw,
            socket =>
            {
                socket.SetOption(LinuxConstants.LevelPacket, LinuxConstants.PacketVnetHeader, 1);
                socket.Attach(SocketFilter.Frames());
                socket.Bind(device);
            }
        );

    /// <summary>Whole Ethernet frames with a virtio_net_hdr, to send only.</summary>
    /// <exception cref="IOException">The device is gone, or the right CAP_NET_RAW is missing.</exception>
    public static PacketSocket OpenSender(NetworkDevice device) =>
        Open(
            device,
            LinuxConstants.SocketRaw,
            socket =>
            {
                socket.SetOption(LinuxConstants.LevelPacket, LinuxConstants.PacketVnetHeader, 1);
                socket.Bind(device, protocol: 0);
            }
        );

    /// <summary>Frames of an Ethernet with tunnel packets (GRE, MPLS over UDP) for the tunnel source, with a virtio_net_hdr; to receive only.</summary>
    /// <exception cref="IOException">The device is gone, or the right CAP_NET_RAW is missing.</exception>
    public static PacketSocket OpenTunnelFrames(NetworkDevice device, uint tunnelSource) =>
        Open(
            device,
            LinuxConstants.SocketRaw,
            socket =>
            {
                socket.SetOption(LinuxConstants.LevelPacket, LinuxConstants.PacketVnetHeader, 1);
                socket.Attach(SocketFilter.TunnelsTo(tunnelSource, EthernetHeader.Size));
                socket.Bind(device);
            }
        );

    /// <summary>Tunnel packets from their IPv4 header on, whatever is before it at their device; to receive only.</summary>
    /// <exception cref="IOException">The device is gone, or the right CAP_NET_RAW is missing.</exception>
    public static PacketSocket OpenTunnelPackets(NetworkDevice device, uint tunnelSource) =>
        Open(
            device,
            LinuxConstants.SocketDatagram,
            socket =>
            {
                socket.Attach(SocketFilter.TunnelsTo(tunnelSource, linkHeader: 0));
                socket.Bind(device);
            }
        );

    /// <summary>Opens so many, or none.</summary>
    public static IReadOnlyList<PacketSocket> OpenAll(int count, Func<PacketSocket> open)
    {
        var opened = new List<PacketSocket>();
        try
        {
            while (opened.Count < count)
            {
                opened.Add(open());
            }

            return opened;
        }
        catch
        {
            DisposeAll(opened);
            throw;
        }
    }

    public static void DisposeAll(IEnumerable<PacketSocket> sockets)
    {
        foreach (var socket in sockets)
        {
            socket.Dispose();
        }
    }

    /// <summary>Lets nothing more in; what waits stays. From any thread.</summary>
    public void Mute() => SocketFilter.TryAttach(Descriptor, SocketFilter.Nothing());

    /// <summary>Takes in again what it was opened for.</summary>
    public void Unmute() => Attach(_filter);

    /// <summary>
    /// Joins the group of the first member, or begins it when it is that one: each packet goes to one of them, of which
    /// <see cref="WorkerChoice"/> says the number. False when the kernel cannot.
    /// </summary>
    /// <param name="first">The first member, of the same kind and device.</param>
    /// <param name="isOfTunnels">What is divided are packets of the underlay.</param>
    public bool TryJoin(PacketSocket first, bool isOfTunnels)
    {
        if (first != this)
        {
            return first.FindGroup() is { } group && TryJoin(flags: 0, group);
        }

        var program = WorkerChoice.Program(isOfTunnels, (uint)RandomNumberGenerator.GetInt32(int.MaxValue));
        return TryJoin(LinuxConstants.FanoutUniqueId, group: 0)
            && SocketFilter.TrySet(Descriptor, LinuxConstants.LevelPacket, LinuxConstants.PacketFanoutData, program);
    }

    /// <summary>Packets that found the queue full since the last call (struct tpacket_stats; reading it clears it).</summary>
    public uint TakeMissed()
    {
        uint* statistics = stackalloc uint[2];
        var length = 2u * sizeof(uint);
        return Libc.GetSocketOption(Descriptor, LinuxConstants.LevelPacket, LinuxConstants.PacketStatistics, statistics, &length) < 0
            ? 0
            : statistics[1];
    }

    public void Dispose() => Descriptor.Dispose();

    private static PacketSocket Open(NetworkDevice device, int type, Action<PacketSocket> prepare)
    {
        // Protocol 0: nothing is queued before the filter is in place and the socket is bound.
        var descriptor = Libc.Socket(
            LinuxConstants.AddressFamilyPacket,
            type | LinuxConstants.SocketNonBlock | LinuxConstants.SocketCloseOnExec,
            0
        );
        if (descriptor.IsInvalid)
        {
            throw SystemError.Exception($"cannot open a packet socket for {device.Name} (fabric-dp needs CAP_NET_RAW and CAP_NET_ADMIN)");
        }

        var socket = new PacketSocket(descriptor);
        try
        {
            socket.SetOption(LinuxConstants.LevelPacket, LinuxConstants.PacketIgnoreOutgoing, 1);
            socket.SetOption(LinuxConstants.LevelSocket, LinuxConstants.OptionReceiveBufferForce, ReceiveBufferBytes);
            socket.SetOption(LinuxConstants.LevelSocket, LinuxConstants.OptionSendBufferForce, SendBufferBytes);
            prepare(socket);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void SetOption(int level, int name, int value)
    {
        if (Libc.SetSocketOption(Descriptor, level, name, &value, sizeof(int)) < 0)
        {
            throw SystemError.Exception($"cannot set option {level}/{name} of a packet socket");
        }
    }

    private uint? FindGroup()
    {
        uint group;
        var length = (uint)sizeof(uint);
        return Libc.GetSocketOption(Descriptor, LinuxConstants.LevelPacket, LinuxConstants.PacketFanout, &group, &length) < 0
            ? null
            : (ushort)group;
    }

    // Kernels before 6.2 do not know the flag; filters leave out what the host itself sends.
    private bool TryJoin(uint flags, uint group) =>
        TrySetGroup((LinuxConstants.FanoutByProgram | LinuxConstants.FanoutIgnoreOutgoing | flags) << GroupIdBits | group)
        || TrySetGroup((LinuxConstants.FanoutByProgram | flags) << GroupIdBits | group);

    private bool TrySetGroup(uint value) =>
        Libc.SetSocketOption(Descriptor, LinuxConstants.LevelPacket, LinuxConstants.PacketFanout, &value, sizeof(uint)) == 0;

    private void Attach(SocketFilter.Instruction[] program)
    {
        _filter = program;
        if (!SocketFilter.TryAttach(Descriptor, program))
        {
            throw SystemError.Exception("cannot attach the filter of a packet socket");
        }
    }

    private void Bind(NetworkDevice device, ushort protocol = LinuxConstants.EtherTypeAll)
    {
        var address = new LinkAddress
        {
            Family = LinuxConstants.AddressFamilyPacket,
            Protocol = BinaryPrimitives.ReverseEndianness(protocol),
            InterfaceIndex = (int)device.Index,
        };
        if (Libc.Bind(Descriptor, &address, (uint)sizeof(LinkAddress)) < 0)
        {
            throw SystemError.Exception($"cannot bind a packet socket to {device.Name}");
        }
    }

    /// <summary>struct sockaddr_ll.</summary>
    private struct LinkAddress
    {
        public ushort Family;
        public ushort Protocol;
        public int InterfaceIndex;
        public ushort HardwareType;
        public byte PacketType;
        public byte AddressLength;
        public ulong Address;
    }
}
