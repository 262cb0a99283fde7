using System.Runtime.InteropServices;
using Fabric.Datapath.Host.Native;

namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// Native buffers for one recvmmsg; all ports of a loop share them, since each packet is finished before the next receive. Each
/// buffer has headroom for the tunnel headers that the pipeline puts before a frame, and takes the largest GSO packet. A virtio_net_hdr lies
/// right before its frame, so that the kernel has one piece of memory to look at for each packet.
/// </summary>
internal sealed unsafe class ReceiveBatch : IDisposable
{
    public const int Capacity = 64;
    private const int Headroom = 128;
    private const int MaxFrame = 65_536 + 64;
    private const int BufferSize = Headroom + MaxFrame;

    private readonly byte* _buffers;
    private readonly IoVector* _vectors;
    private readonly MessageSlot* _slots;
    private int _offset;

    public ReceiveBatch()
    {
        _buffers = (byte*)NativeMemory.AlignedAlloc((nuint)BufferSize * Capacity, 64);
        _vectors = (IoVector*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(IoVector));
        _slots = (MessageSlot*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(MessageSlot));
        for (var i = 0; i < Capacity; i++)
        {
            _slots[i].Header.Vectors = _vectors + i;
            _slots[i].Header.VectorCount = 1;
        }

        PlaceBuffers();
    }

    /// <summary>Receives what is ready. Returns how many packets came, or -1 with the system's error set.</summary>
    /// <param name="socket">A packet socket that does not block.</param>
    /// <param name="withHeader">Whether the socket gives a virtio_net_hdr before each frame.</param>
    public int Receive(Descriptor socket, bool withHeader)
    {
        var offset = withHeader ? VirtioNetHeader.Size : 0;
        if (offset != _offset)
        {
            _offset = offset;
            PlaceBuffers();
        }

        return Libc.ReceiveMessages(socket, _slots, Capacity, LinuxConstants.MessageDontWait, null);
    }

    public bool IsTruncated(int index) =>
        (_slots[index].Header.Flags & LinuxConstants.MessageTruncated) != 0 || _slots[index].Length < _offset;

    public VirtioNetHeader Header(int index) =>
        MemoryMarshal.Read<VirtioNetHeader>(new ReadOnlySpan<byte>(Frame(index) - _offset, _offset));

    public PacketBuffer Packet(int index) =>
        new(new Span<byte>(_buffers + ((nint)BufferSize * index), BufferSize), Headroom, (int)_slots[index].Length - _offset);

    public void Dispose()
    {
        NativeMemory.AlignedFree(_buffers);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_slots);
    }

    private void PlaceBuffers()
    {
        for (var i = 0; i < Capacity; i++)
        {
            _vectors[i] = new IoVector { Base = Frame(i) - _offset, Length = (nuint)(MaxFrame + _offset) };
        }
    }

    private byte* Frame(int index) => _buffers + ((nint)BufferSize * index) + Headroom;
}
