using System.Runtime.InteropServices;

namespace Fabric.Datapath.Shared;

/// <summary>
/// One direction of a connection, with the verdict over it and where its packets go: 128 bytes, of which the first 64 are read for each
/// packet and the others written.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
public struct FlowSlot
{
    /// <summary>In <see cref="DestinationVif"/>: packets leave through a tunnel.</summary>
    public const uint NoVif = uint.MaxValue;

    private const int TcpShift = 16;

    [FieldOffset(0)]
    public FlowKey Key;

    /// <summary>For packets from the underlay: the host that sent them when the verdict was made; 0 for those of a local interface.</summary>
    [FieldOffset(20)]
    public uint OuterSource;

    [FieldOffset(24)]
    private ulong verdict;

    [FieldOffset(32)]
    private ulong validatedAt;

    /// <summary>The next hop of the route (of the route back to the sender, for packets from the underlay); 0 is none.</summary>
    [FieldOffset(40)]
    public uint RouteNextHop;

    /// <summary>The other direction's slot, or -1 (a dropped flow has none).</summary>
    [FieldOffset(44)]
    public int Reverse;

    /// <summary>The local interface under whose key the flow is, and whose limit it counts against.</summary>
    [FieldOffset(48)]
    public uint Vif;

    /// <summary>The local interface that packets go to, there or not, or <see cref="NoVif"/>.</summary>
    [FieldOffset(52)]
    public uint DestinationVif;

    [FieldOffset(56)]
    private byte state;

    [FieldOffset(57)]
    private byte isInitiator;

    /// <summary>ICMP type of the packet that opened the connection.</summary>
    [FieldOffset(58)]
    public byte IcmpType;

    /// <summary>Number of an address rewrite; 0 is none, and there are none yet.</summary>
    [FieldOffset(60)]
    public uint Rewrite;

    [FieldOffset(64)]
    private long packets;

    [FieldOffset(72)]
    private long bytes;

    [FieldOffset(80)]
    private ulong lastSeen;

    [FieldOffset(88)]
    private ulong createdAt;

    /// <summary>Sequence number behind the last data of this direction.</summary>
    [FieldOffset(96)]
    public uint TcpEnd;

    /// <summary>Last acknowledgment number of this direction: what its sender expects next.</summary>
    [FieldOffset(100)]
    public uint TcpAcknowledged;

    /// <summary>The last window of this direction, not scaled, <see cref="Tcp"/> and <see cref="TcpScale"/>.</summary>
    [FieldOffset(104)]
    private uint tcpWord;

    [FieldOffset(104)]
    public ushort TcpWindow;

    /// <summary>Window scale of this direction's SYN (RFC 7323 section 2.2).</summary>
    [FieldOffset(107)]
    public byte TcpScale;

    /// <summary>Number of the rule that allowed the flow or not, of this process's <see cref="RuleNames"/>; 0 is none that is known.</summary>
    [FieldOffset(108)]
    public uint Rule;

    /// <summary>Of a wide entry: the ports, of the side that does not open connections, that it stands for.</summary>
    [FieldOffset(112)]
    internal PortSpan Ports;

    /// <summary>
    /// Of others: when that connection began whose counts are the first in <see cref="EarlierPackets"/>: the low 32 bits of milliseconds; 0: none.
    /// </summary>
    [FieldOffset(112)]
    internal uint EarlierBegan;

    /// <summary>Packets of connections with the same key that ended in this slot, begun anew by a program, and were not reported yet.</summary>
    [FieldOffset(116)]
    internal uint EarlierPackets;

    /// <summary>The same in bytes.</summary>
    [FieldOffset(120)]
    internal ulong EarlierBytes;

    /// <summary>Set last when the slot is filled.</summary>
    public bool InUse
    {
        readonly get => state != 0;
        set => Volatile.Write(ref state, (byte)(value ? 1 : 0));
    }

    /// <summary>This direction opened the connection; policy is evaluated for it.</summary>
    public bool IsInitiator
    {
        readonly get => isInitiator != 0;
        set => isInitiator = (byte)(value ? 1 : 0);
    }

    public FlowVerdictWord Verdict
    {
        readonly get => new(verdict);
        set => Volatile.Write(ref verdict, value.Value);
    }

    /// <summary>The change of the tables after which the verdict was made; 0 when it holds no more. Stored behind the verdict.</summary>
    public long ValidatedAt
    {
        readonly get => (long)Volatile.Read(in validatedAt);
        set => Volatile.Write(ref validatedAt, (ulong)value);
    }

    /// <summary>The verdict holds no more, for whoever is at the entry, before what belongs to it changes.</summary>
    internal void Invalidate()
    {
        ValidatedAt = 0;
        Volatile.WriteBarrier();
    }

    public readonly FlowAction Action => Verdict.Action;

    public readonly DropReason Reason => Verdict.Reason;

    public readonly uint Label => Verdict.Label;

    public readonly uint NextHop => Verdict.NextHop;

    public readonly TcpProgress Tcp => (TcpProgress)(byte)(tcpWord >> TcpShift);

    public readonly long Packets => packets;

    /// <summary>Of IPv4 packets.</summary>
    public readonly long Bytes => bytes;

    /// <summary>In milliseconds.</summary>
    public readonly long LastSeen => SharedMemory.Milliseconds(lastSeen);

    /// <summary>In milliseconds.</summary>
    public readonly long CreatedAt => SharedMemory.Milliseconds(createdAt);

    internal void Begin(long nowMilliseconds)
    {
        createdAt = SharedMemory.Nanoseconds(nowMilliseconds);
        lastSeen = createdAt;
    }

    // A program may count a packet at the same time.
    internal void BeginAgain(long nowMilliseconds)
    {
        Interlocked.Exchange(ref packets, 0);
        Interlocked.Exchange(ref bytes, 0);
        ForgetEarlier();
        // A later one than before, and be it by a millisecond: a session is numbered by its slot and its begin.
        createdAt = SharedMemory.Nanoseconds(Math.Max(nowMilliseconds, CreatedAt + 1));
    }

    internal void ForgetEarlier()
    {
        EarlierPackets = 0;
        EarlierBytes = 0;
        EarlierBegan = Key.IsWide ? EarlierBegan : 0;
    }

    internal void Count(int length, long nowMilliseconds)
    {
        Interlocked.Increment(ref packets);
        Interlocked.Add(ref bytes, length);
        lastSeen = SharedMemory.Nanoseconds(nowMilliseconds);
    }

    // A program may set other bits of the word at the same time.
    internal void Advance(TcpProgress progress)
    {
        if ((Tcp & progress) != progress)
        {
            Interlocked.Or(ref tcpWord, (uint)progress << TcpShift);
        }
    }
}
