namespace Fabric.Datapath;

/// <summary>
/// What makes packets one flow. The next hop of the local virtual interface stands for its VRF, so that equal addresses of different
/// tenants never meet. An ICMP query has its identifier as source port and 0 as destination port in both directions; other ICMP messages
/// have their type as destination port.
/// </summary>
public readonly record struct FlowKey(uint NextHop, uint Source, uint Destination, ushort SourcePort, ushort DestinationPort, byte Protocol)
{
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

    /// <summary>A hash that spreads well over its low bits, the same in every process.</summary>
    public uint Hash()
    {
        var mixed = ((ulong)Source << 32 | Destination) * 0x9E37_79B9_7F4A_7C15;
        mixed ^= ((ulong)NextHop << 32 | (uint)SourcePort << 16 | DestinationPort) + Protocol * 0xC2B2_AE3D_27D4_EB4F;
        mixed = (mixed ^ mixed >> 32) * 0xD6E8_FEB8_6659_FD93;
        mixed = (mixed ^ mixed >> 29) * 0xBF58_476D_1CE4_E5B9;
        return (uint)(mixed ^ mixed >> 32);
    }
}
