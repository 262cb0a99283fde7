using System.Runtime.InteropServices;
using Fabric.Datapath.Host.Native;

namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// Packets on their way out, handed to the kernel with one sendmmsg for each run of packets to the same port. What the pipeline gives is
/// only valid during the call, so it is copied. Owned by a loop, which flushes at the end of each turn.
/// </summary>
internal sealed unsafe class SendBatch : IDisposable
{
    private const int Capacity = 64;
    private const int ArenaSize = 512 << 10;

    private readonly byte* _arena = (byte*)NativeMemory.AlignedAlloc(ArenaSize, 64);
    private readonly MessageSlot* _slots = (MessageSlot*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(MessageSlot));
    private readonly IoVector* _vectors = (IoVector*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(IoVector));
    private readonly InternetAddress* _addresses = (InternetAddress*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(InternetAddress));
    private PortLane? _port;
    private Descriptor? _socket;
    private int _count;
    private int _used;

    /// <summary>Adds a frame with its offload, for a packet socket.</summary>
    public void Add(PortLane port, Descriptor socket, ReadOnlySpan<byte> frame, in PacketOffload offload)
    {
        var vector = Take(port, socket, VirtioNetHeader.Size + frame.Length);
        var header = VirtioNetHeader.From(offload);
        MemoryMarshal.Write(vector, header);
        frame.CopyTo(vector[VirtioNetHeader.Size..]);
        _slots[_count - 1].Header.Name = null;
        _slots[_count - 1].Header.NameLength = 0;
    }

    /// <summary>Adds a whole IPv4 packet, for a raw socket.</summary>
    /// <param name="destination">Where the kernel is to send it, in network order.</param>
    public void Add(PortLane port, Descriptor socket, ReadOnlySpan<byte> packet, uint destination)
    {
        packet.CopyTo(Take(port, socket, packet.Length));
        _addresses[_count - 1] = new InternetAddress { Family = LinuxConstants.AddressFamilyInet, Address = destination };
        _slots[_count - 1].Header.Name = _addresses + _count - 1;
        _slots[_count - 1].Header.NameLength = (uint)sizeof(InternetAddress);
    }

    /// <summary>Sends what was added. A packet that the kernel refuses is counted at its port, and the others go.</summary>
    public void Flush()
    {
        for (var next = 0; next < _count; )
        {
            var sent = Libc.SendMessages(_socket!, _slots + next, (uint)(_count - next), LinuxConstants.MessageDontWait);
            for (var i = 0; i < sent; i++)
            {
                _port!.CountSent(taken: true);
            }

            next += Math.Max(sent, 0);
            if (next < _count && sent <= 0)
            {
                _port!.CountSent(taken: false);
                next++;
            }
        }

        _count = 0;
        _used = 0;
        _port = null;
        _socket = null;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_arena);
        NativeMemory.Free(_slots);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_addresses);
    }

    private Span<byte> Take(PortLane port, Descriptor socket, int length)
    {
        if (_socket != socket || _count == Capacity || _used + length > ArenaSize)
        {
            Flush();
            _port = port;
            _socket = socket;
        }

        var start = _arena + _used;
        _vectors[_count] = new IoVector { Base = start, Length = (nuint)length };
        _slots[_count].Header.Vectors = _vectors + _count;
        _slots[_count].Header.VectorCount = 1;
        _count++;
        _used += length;
        return new Span<byte>(start, length);
    }
}
