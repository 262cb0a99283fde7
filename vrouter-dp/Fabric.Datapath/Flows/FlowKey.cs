using System.Runtime.InteropServices;

namespace Fabric.Datapath;

/// <summary>
/// What makes packets one flow. The next hop of the local virtual interface stands for its VRF, so that equal addresses of different
/// tenants never meet. An ICMP query has its identifier as source port and 0 as destination port in both directions; other ICMP messages
/// have their type as destination port. 20 bytes, as the kernel's programs have them.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct FlowKey(uint NextHop, uint Source, uint Destination, ushort SourcePort, ushort DestinationPort, byte Protocol)
{
    // A whole word, so that the bytes behind the protocol are zero wherever a key is copied to.
    private readonly uint protocol = Protocol;

    public byte Protocol
    {
        get => (byte)protocol;
        init => protocol = value;
    }

    /// <summary>The key of the answers, seen at the given next hop.</summary>
    public FlowKey Reverse(uint nextHop) =>
        Protocol == 1
            ? this with
            {
                NextHop = nextHop,
                Source = Destination,
                Destination = Source,
            }
            : new FlowKey(nextHop, Destination, Source, DestinationPort, SourcePort, Protocol);

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
