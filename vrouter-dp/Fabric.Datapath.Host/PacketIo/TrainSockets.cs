using System.Runtime.InteropServices;
using Fabric.Datapath.Host.Native;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// UDP sockets that send trains of datagrams (UDP_SEGMENT, udp(7)): the kernel routes a train once, and its device or the kernel itself cuts it
/// apart as late as it can. A socket sends from the port that it is bound to, and a tunnel's source port stands for a flow (RFC 7510 section 3),
/// so each flow has one, made when it first sends a train and closed when it has sent none for a while. They receive nothing. Owned by the
/// worker loop.
/// </summary>
internal sealed unsafe class TrainSockets : IDisposable
{
    private const int Capacity = 256;
    private const int SendBufferBytes = 4 << 20;
    private const int TimeToLive = 64;
    private const int SourceOffset = 12;
    private const int DestinationOffset = 16;
    private const int PortsOffset = Ipv4Header.Size;

    private readonly Entry[] _entries = new Entry[Capacity];
    private readonly MessageSlot* _slot = (MessageSlot*)NativeMemory.AllocZeroed((nuint)sizeof(MessageSlot));
    private readonly IoVector* _vector = (IoVector*)NativeMemory.AllocZeroed((nuint)sizeof(IoVector));
    private readonly InternetAddress* _destination = (InternetAddress*)NativeMemory.AllocZeroed((nuint)sizeof(InternetAddress));
    private readonly SegmentSizeMessage* _control = (SegmentSizeMessage*)NativeMemory.AllocZeroed((nuint)sizeof(SegmentSizeMessage));

    private struct Entry
    {
        public Descriptor? Socket;
        public uint Source;
        public ushort Port;
        public bool IsUsed;
        public bool IsRefused;
    }

    public TrainSockets()
    {
        *_control = new SegmentSizeMessage
        {
            Length = SegmentSizeMessage.UsedLength,
            Level = LinuxConstants.LevelUdp,
            Type = LinuxConstants.UdpSegment,
        };
        _slot->Header = new MessageHeader
        {
            Name = _destination,
            NameLength = (uint)sizeof(InternetAddress),
            Vectors = _vector,
            VectorCount = 1,
            Control = _control,
            ControlLength = (nuint)sizeof(SegmentSizeMessage),
        };
    }

    /// <summary>Sends a train; refused when there is no socket for its flow, or by the kernel.</summary>
    /// <param name="train">As <see cref="DatagramTrain"/> has it.</param>
    /// <param name="segmentSize">Payload bytes of each datagram but the last.</param>
    public TrainFate Send(ReadOnlySpan<byte> train, int segmentSize)
    {
        var source = MemoryMarshal.Read<uint>(train[SourceOffset..]);
        var port = MemoryMarshal.Read<ushort>(train[PortsOffset..]);
        ref var entry = ref _entries[train[PortsOffset + 1] % Capacity];
        if (entry.Socket is null)
        {
            entry = new Entry
            {
                Socket = Open(source, port, out var isOpen),
                Source = source,
                Port = port,
                IsRefused = !isOpen,
            };
        }

        if (entry.IsRefused || entry.Source != source || entry.Port != port)
        {
            return TrainFate.Refused;
        }

        entry.IsUsed = true;
        var fate =
            TrySend(entry.Socket, train, segmentSize) ? TrainFate.Sent
            : SystemError.Last == SystemError.TryAgain ? TrainFate.Lost
            : TrainFate.Refused;
        entry.IsRefused = fate == TrainFate.Refused;
        return fate;
    }

    /// <summary>Closes what sent nothing since the last call, and lets what was refused try again.</summary>
    public void Renew()
    {
        foreach (ref var entry in _entries.AsSpan())
        {
            if (entry.IsRefused || !entry.IsUsed)
            {
                entry.Socket?.Dispose();
                entry = default;
            }

            entry.IsUsed = false;
        }
    }

    public void Dispose()
    {
        foreach (ref var entry in _entries.AsSpan())
        {
            entry.Socket?.Dispose();
        }

        NativeMemory.Free(_slot);
        NativeMemory.Free(_vector);
        NativeMemory.Free(_destination);
        NativeMemory.Free(_control);
    }

    private bool TrySend(Descriptor socket, ReadOnlySpan<byte> train, int segmentSize)
    {
        fixed (byte* payload = train[DatagramTrain.HeaderLength..])
        {
            *_vector = new IoVector { Base = payload, Length = (nuint)(train.Length - DatagramTrain.HeaderLength) };
            *_destination = new InternetAddress
            {
                Family = LinuxConstants.AddressFamilyInet,
                Port = MemoryMarshal.Read<ushort>(train[(PortsOffset + sizeof(ushort))..]),
                Address = MemoryMarshal.Read<uint>(train[DestinationOffset..]),
            };
            _control->SegmentSize = (ushort)segmentSize;
            return Libc.SendMessages(socket, _slot, 1, LinuxConstants.MessageDontWait) == 1;
        }
    }

    // What is sent is as the pipeline makes it: the TTL of tunnels, DF, no path MTU but the device's own.
    private static Descriptor Open(uint source, ushort port, out bool isOpen)
    {
        var socket = Libc.Socket(
            LinuxConstants.AddressFamilyInet,
            LinuxConstants.SocketDatagram | LinuxConstants.SocketNonBlock | LinuxConstants.SocketCloseOnExec,
            0
        );
        isOpen =
            !socket.IsInvalid
            && SocketFilter.TryAttach(socket, SocketFilter.Nothing())
            && TrySet(socket, LinuxConstants.LevelIp, LinuxConstants.IpTimeToLive, TimeToLive)
            && TrySet(socket, LinuxConstants.LevelIp, LinuxConstants.IpMtuDiscover, LinuxConstants.MtuDiscoverProbe)
            && TrySet(socket, LinuxConstants.LevelSocket, LinuxConstants.OptionSendBufferForce, SendBufferBytes)
            && TryBind(socket, source, port);
        return socket;
    }

    private static bool TryBind(Descriptor socket, uint source, ushort port)
    {
        var address = new InternetAddress
        {
            Family = LinuxConstants.AddressFamilyInet,
            Port = port,
            Address = source,
        };
        return Libc.Bind(socket, &address, (uint)sizeof(InternetAddress)) == 0;
    }

    private static bool TrySet(Descriptor socket, int level, int name, int value) =>
        Libc.SetSocketOption(socket, level, name, &value, sizeof(int)) == 0;
}
