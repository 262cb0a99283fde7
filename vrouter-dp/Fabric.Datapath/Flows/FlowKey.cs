using System.Runtime.InteropServices;
using Fabric.Primitives;

namespace Fabric.Datapath;

/// <summary>
/// What makes packets one flow. The next hop of the local virtual interface stands for its VRF, so that equal addresses of different
/// tenants never meet. An ICMP query has its identifier as source port and 0 as destination port in both directions; other ICMP messages
/// have their type as destination port. 20 bytes, as the kernel's programs have them.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct FlowKey(uint NextHop, uint Source, uint Destination, ushort SourcePort, ushort DestinationPort, byte Protocol)
{
    private const uint WideBit = 1 << 8;
    private const uint WideAnswerBit = 1 << 9;
    private const uint StatelessBit = 1 << 10;

    // A whole word, so that the bytes behind the protocol are what is said here wherever a key is copied to.
    private readonly uint protocol = Protocol;

    private FlowKey(in FlowKey key, uint bits)
        : this(key.NextHop, key.Source, key.Destination, key.SourcePort, key.DestinationPort, key.Protocol) => protocol |= bits;

    public byte Protocol
    {
        get => (byte)protocol;
        init => protocol = (protocol & ~(uint)byte.MaxValue) | value;
    }

    /// <summary>
    /// Stands for many connections between two addresses: from any port, which is 0 here, to one port, or to a span of them when that is 0
    /// too (docs/decisions/0011).
    /// </summary>
    public bool IsWide => (protocol & (WideBit | WideAnswerBit)) != 0;

    /// <summary>
    /// Stands for all packets from a block of addresses to another, whatever their protocol and ports: the ports are the lengths of the blocks'
    /// prefixes here, and the protocol is 0 (docs/decisions/0012).
    /// </summary>
    public bool IsStateless => (protocol & StatelessBit) != 0;

    /// <summary>The key that stands for all packets between the blocks of these lengths that this one's addresses are in.</summary>
    public FlowKey Between(int sourceLength, int destinationLength) =>
        new(
            new FlowKey(
                NextHop,
                Source & IpPrefix.MaskIpv4(sourceLength),
                Destination & IpPrefix.MaskIpv4(destinationLength),
                (ushort)sourceLength,
                (ushort)destinationLength,
                Protocol: 0
            ),
            StatelessBit
        );

    /// <summary>The key that stands for all connections to a port (0: to a span of ports) of this one's protocol and addresses.</summary>
    public FlowKey Widen(ushort port) => new(this with { SourcePort = 0, DestinationPort = port }, WideBit);

    /// <summary>The key of the answers, seen at the given next hop.</summary>
    public FlowKey Reverse(uint nextHop)
    {
        var (source, destination) = Protocol == 1 ? (SourcePort, DestinationPort) : (DestinationPort, SourcePort);
        return new FlowKey(
            new FlowKey(nextHop, Destination, Source, source, destination, Protocol),
            IsWide ? ~protocol & (WideBit | WideAnswerBit) : 0
        );
    }

    /// <summary>A hash that spreads well over all its bits; flow_hash of bpf/layout.h.</summary>
    public uint Hash(ulong seed)
    {
        var mixed = (((ulong)Source << 32 | Destination) ^ seed) * 0x9E37_79B9_7F4A_7C15;
        mixed ^= mixed >> 32;
        mixed ^= (ulong)Protocol << 56 ^ (ulong)NextHop << 32 ^ (uint)SourcePort << 16 ^ DestinationPort;
        mixed *= 0xD6E8_FEB8_6659_FD93;
        mixed = (mixed ^ mixed >> 29) * 0xBF58_476D_1CE4_E5B9;
        return (uint)(mixed ^ mixed >> 32);
    }
}
