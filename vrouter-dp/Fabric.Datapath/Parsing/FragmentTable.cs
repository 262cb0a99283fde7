namespace Fabric.Datapath;

/// <summary>
/// The ports of fragmented packets: the head brings them, its other fragments (RFC 791 section 3.2) look them up. A set of four takes
/// whoever hashes to it and forgets the oldest, so one sender's fragments cost the others at most their place.
/// </summary>
internal sealed class FragmentTable(long lifetimeMilliseconds, ulong seed)
{
    private const int Sets = 256;
    private const int Ways = 4;

    private struct Head
    {
        public FlowKey Packet;
        public ushort Identification;
        public long ExpiresAt;
        public ushort SourcePort;
        public ushort DestinationPort;
        public byte IcmpType;
    }

    private readonly Head[] heads = new Head[Sets * Ways];

    public void Remember(in PacketFacts head, uint nextHop, long nowMilliseconds)
    {
        var packet = PacketOf(head, nextHop);
        var set = SetOf(packet, head.Identification);
        ref var place = ref set[0];
        foreach (ref var way in set)
        {
            if (way.ExpiresAt < place.ExpiresAt)
            {
                place = ref way;
            }
        }

        place = new Head
        {
            Packet = packet,
            Identification = head.Identification,
            ExpiresAt = nowMilliseconds + lifetimeMilliseconds,
            SourcePort = head.SourcePort,
            DestinationPort = head.DestinationPort,
            IcmpType = head.IcmpType,
        };
    }

    /// <summary>Gives a later fragment the ports of its head; false when no head was seen lately.</summary>
    public bool TryComplete(ref PacketFacts fragment, uint nextHop, long nowMilliseconds)
    {
        var packet = PacketOf(fragment, nextHop);
        foreach (ref readonly var head in SetOf(packet, fragment.Identification))
        {
            if (head.ExpiresAt > nowMilliseconds && head.Identification == fragment.Identification && head.Packet == packet)
            {
                fragment.SourcePort = head.SourcePort;
                fragment.DestinationPort = head.DestinationPort;
                fragment.IcmpType = head.IcmpType;
                return true;
            }
        }

        return false;
    }

    private static FlowKey PacketOf(in PacketFacts facts, uint nextHop) =>
        new(nextHop, facts.Source, facts.Destination, 0, 0, facts.Protocol);

    private Span<Head> SetOf(in FlowKey packet, ushort identification) =>
        heads.AsSpan((int)((packet.Hash(seed) ^ identification) % Sets) * Ways, Ways);
}
