using System.Diagnostics;

namespace Fabric.Datapath.Host.Cache;

/// <summary>
/// Packets that came up and wait for the pipeline: a queue for each who sends them, or whom they are for (<see cref="HoldQueueChoice"/>), served one
/// packet each in turn, so that what is much waits behind itself alone (stochastic fairness queueing: two share a queue by chance only). A queue is
/// bounded in bytes; when there is no room at all, the longest one loses its oldest packet. All memory is taken at the start.
/// </summary>
/// <param name="seed">Keeps anybody from choosing whose queue he shares.</param>
/// <param name="packets">What all queues hold at most.</param>
internal sealed class HoldQueues(ulong seed, int packets = HoldQueues.Packets)
{
    public const int LargestPacket = 2048;

    /// <summary>What a queue holds at most; a packet counts as <see cref="LeastBytes"/> at least.</summary>
    public const int BytesOfQueue = 1 << 20;

    public const int LeastBytes = 256;

    private const int Queues = 1024;
    private const int Packets = 16_384;
    private const int FewestPackets = 2_048;
    private const int SlotSize = PacketBuffer.MinimumHeadroom + LargestPacket;
    private const int None = -1;

    private readonly byte[] _storage = new byte[packets * SlotSize];
    private readonly Held[] _packets = new Held[packets];
    private readonly HoldQueue[] _queues = new HoldQueue[Queues];
    private int _free = None;
    private int _used;
    private int _firstWaiting = None;
    private int _lastWaiting = None;

    private struct Held
    {
        public uint Device;
        public int Length;
        public int Next;
    }

    private struct HoldQueue
    {
        public int First;
        public int Last;
        public int Bytes;
        public int NextWaiting;
        public bool IsWaiting;
    }

    public int Count { get; private set; }

    /// <summary>What each of some workers' queues hold, of the same memory together; less than a worker needs for a burst is none's.</summary>
    public static int PacketsOf(int workers) => Math.Max(Packets / workers, FewestPackets);

    /// <summary>Holds a copy of a packet.</summary>
    /// <param name="holder">Whoever is to have no more than its share.</param>
    /// <param name="device">Interface index that it came in by.</param>
    /// <param name="packet">At most <see cref="LargestPacket"/> bytes.</param>
    /// <returns>The device of the packet that found no room: this one, or one that made room for it; null when none was dropped.</returns>
    public uint? Add(ulong holder, uint device, ReadOnlySpan<byte> packet)
    {
        var number = QueueOf(holder);
        ref var queue = ref _queues[number];
        var bytes = Math.Max(packet.Length, LeastBytes);
        if (queue.Bytes + bytes > BytesOfQueue)
        {
            return device;
        }

        uint? dropped = null;
        if (Count == packets)
        {
            var longest = Longest();
            if (_queues[longest].Bytes <= queue.Bytes)
            {
                return device;
            }

            var removed = Remove(ref _queues[longest]);
            dropped = _packets[removed].Device;
            Release(removed);
        }

        var slot = TakeSlot();
        packet.CopyTo(_storage.AsSpan((slot * SlotSize) + PacketBuffer.MinimumHeadroom));
        _packets[slot] = new Held
        {
            Device = device,
            Length = packet.Length,
            Next = None,
        };
        if (queue.Bytes == 0)
        {
            queue.First = slot;
        }
        else
        {
            _packets[queue.Last].Next = slot;
        }

        queue.Last = slot;
        queue.Bytes += bytes;
        Wait(number);
        return dropped;
    }

    /// <summary>Takes the oldest packet of the queue whose turn it is.</summary>
    /// <param name="device">Interface index that it came in by.</param>
    /// <param name="packet">The packet, with headroom; valid until the next call of a member.</param>
    public bool TryTake(out uint device, out PacketBuffer packet)
    {
        device = 0;
        packet = default;
        while (_firstWaiting != None)
        {
            var number = _firstWaiting;
            ref var queue = ref _queues[number];
            _firstWaiting = queue.NextWaiting;
            queue.IsWaiting = false;
            if (queue.Bytes == 0)
            {
                // It lost its last packet to make room for another's.
                continue;
            }

            var slot = Remove(ref queue);
            if (queue.Bytes > 0)
            {
                Wait(number);
            }

            device = _packets[slot].Device;
            packet = new PacketBuffer(_storage.AsSpan(slot * SlotSize, SlotSize), PacketBuffer.MinimumHeadroom, _packets[slot].Length);
            Release(slot);
            return true;
        }

        return false;
    }

    private int QueueOf(ulong holder)
    {
        var mixed = (holder ^ seed) * 0x9E37_79B9_7F4A_7C15;
        return (int)((mixed ^ (mixed >> 32)) % Queues);
    }

    private void Wait(int number)
    {
        if (_queues[number].IsWaiting)
        {
            return;
        }

        _queues[number].IsWaiting = true;
        _queues[number].NextWaiting = None;
        if (_firstWaiting == None)
        {
            _firstWaiting = number;
        }
        else
        {
            _queues[_lastWaiting].NextWaiting = number;
        }

        _lastWaiting = number;
    }

    private int Longest()
    {
        var longest = _firstWaiting;
        for (var number = _firstWaiting; number != None; number = _queues[number].NextWaiting)
        {
            longest = _queues[number].Bytes > _queues[longest].Bytes ? number : longest;
        }

        return longest;
    }

    private int Remove(ref HoldQueue queue)
    {
        var slot = queue.First;
        queue.First = _packets[slot].Next;
        queue.Bytes -= Math.Max(_packets[slot].Length, LeastBytes);
        Debug.Assert(queue.Bytes >= 0, "a queue has the bytes of its packets");
        return slot;
    }

    // What was used last is used next: it is still in the processor's cache.
    private int TakeSlot()
    {
        Count++;
        if (_free == None)
        {
            return _used++;
        }

        var slot = _free;
        _free = _packets[slot].Next;
        return slot;
    }

    private void Release(int slot)
    {
        Count--;
        _packets[slot].Next = _free;
        _free = slot;
    }
}
