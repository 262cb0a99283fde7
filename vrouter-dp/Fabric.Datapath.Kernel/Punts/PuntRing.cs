using System.Runtime.CompilerServices;
using Fabric.Datapath.Kernel.Maps;

namespace Fabric.Datapath.Kernel.Punts;

/// <summary>
/// The consumer of a BPF ring buffer (Documentation/bpf/ringbuf.rst): a page with the position up to which was read, a page with that up to
/// which was written, then the data, twice in a row, so that no record is cut. Where it stopped, another process goes on. One thread at a time.
/// </summary>
public sealed unsafe class PuntRing : IDisposable
{
    private const uint Busy = 1u << 31;
    private const uint Discarded = 1u << 30;
    private const int RecordHeader = 8;
    private const int LargestPacket = 2048;

    private readonly MappedRegion consumer;
    private readonly MappedRegion producer;
    private readonly ulong mask;

    // The kernel lets nobody write into its records, and the pipeline changes a packet where it lies.
    private readonly byte[] storage = new byte[PacketBuffer.MinimumHeadroom + LargestPacket];

    internal PuntRing(int descriptor, int bytes)
    {
        var page = (nuint)Environment.SystemPageSize;
        Descriptor = descriptor;
        mask = (ulong)bytes - 1;
        consumer = MappedRegion.Map(descriptor, page);
        producer = MappedRegion.Map(descriptor, page + 2 * (nuint)bytes, (nint)page, isWritable: false);
    }

    /// <summary>Readable (for epoll) when there are packets. The ring's; not to be closed.</summary>
    public int Descriptor { get; }

    private ref ulong Read => ref Unsafe.AsRef<ulong>((void*)consumer.Address);

    private ref ulong Written => ref Unsafe.AsRef<ulong>((void*)producer.Address);

    private byte* Data => (byte*)producer.Address + Environment.SystemPageSize;

    /// <summary>Hands on packets, oldest first.</summary>
    /// <param name="limit">At most so many.</param>
    /// <param name="receiver">Takes them.</param>
    /// <returns>How many there were.</returns>
    public int Drain(int limit, IPuntReceiver receiver)
    {
        var position = Read;
        var count = 0;
        while (count < limit && position < Volatile.Read(ref Written))
        {
            var record = Data + (position & mask);
            var word = Volatile.Read(ref Unsafe.AsRef<uint>(record));
            if ((word & Busy) != 0)
            {
                break;
            }

            var length = word & ~Discarded;
            if ((word & Discarded) == 0)
            {
                Receive(new ReadOnlySpan<byte>(record + RecordHeader, (int)length), receiver);
                count++;
            }

            position += (length + RecordHeader + 7) / 8 * 8;
            Volatile.Write(ref Read, position);
        }

        return count;
    }

    public void Dispose()
    {
        consumer.Dispose();
        producer.Dispose();
    }

    private void Receive(ReadOnlySpan<byte> record, IPuntReceiver receiver)
    {
        var header = Unsafe.ReadUnaligned<PuntHeader>(in record[0]);
        var length = (int)Math.Min(header.Length, LargestPacket);
        record.Slice(Unsafe.SizeOf<PuntHeader>(), length).CopyTo(storage.AsSpan(PacketBuffer.MinimumHeadroom));
        var frame = new PacketBuffer(storage, PacketBuffer.MinimumHeadroom, length);
        PartialChecksum.CompleteFrame(frame.Packet);
        receiver.Receive(header, ref frame);
    }
}
