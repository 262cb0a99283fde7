using System.Numerics;

namespace Fabric.Datapath;

/// <summary>
/// Entries by which packets pass from one block of addresses to another, where no policy applies at either end on this host: so neither
/// protocol and ports nor who opened a connection can change the verdict (docs/decisions/0012). All addresses of a block have the same route.
/// What a machine sends has an entry for its address and the block that it sends to; what comes to it from the underlay one for the block of
/// the sender, to any address. Nothing is followed here, and the programs only read these entries.
/// </summary>
internal sealed class StatelessFlows(DatapathTables tables, FlowTable flows)
{
    private const int AnyAddress = 0;
    private const int OneAddress = 32;

    /// <summary>The entry that a packet's addresses are in, current or not; -1 when there is none.</summary>
    public int Find(in FlowKey key, Vif vif, in PacketOrigin origin) => Find(key, vif, origin, out _);

    /// <param name="key">The packet's.</param>
    /// <param name="vif">Who sends it, or whom it is for.</param>
    /// <param name="origin">Where it came in.</param>
    /// <param name="blocks">The entry's key.</param>
    public int Find(in FlowKey key, Vif vif, in PacketOrigin origin, out FlowKey blocks)
    {
        blocks = default;

        // A packet from an address to itself may be its own answer, which the ports say.
        if (key.Source == key.Destination)
        {
            return -1;
        }

        for (var lengths = flows.StatelessLengthsOf(vif.Id, origin.IsUplink); lengths != 0; )
        {
            var longest = BitOperations.Log2(lengths);
            lengths ^= 1u << longest;
            blocks = Blocks(key, origin, (longest + 1) * StatelessLengths.BitsOfLength);
            var index = flows.Find(blocks);
            if (index >= 0 && flows[index].Vif == vif.Id)
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>Whether what was found for a packet is so for all of its block.</summary>
    public bool Covers(in FlowKey key, in Evaluation evaluation, Vif vif, in PacketOrigin origin) =>
        evaluation.Reason == DropReason.None
        && key.Source != key.Destination
        && HasNoPolicy(vif)
        && (evaluation.Destination is null || HasNoPolicy(evaluation.Destination))
        && (origin.IsUplink || (vif.HasAddress(key.Source) && evaluation.Destination != vif))
        && HasOneWay(evaluation)
        && !IsOfOthers(flows.Find(Blocks(key, vif, origin)), vif, origin);

    /// <summary>
    /// The entry for what <see cref="Covers"/> a packet, new or as it is there, in the place of older ones for other blocks; -1 when there is no
    /// room. Called under the table's lock.
    /// </summary>
    public int Take(in FlowKey key, Vif vif, in PacketOrigin origin, long nowMilliseconds)
    {
        var blocks = Blocks(key, vif, origin);
        var index = Find(key, vif, origin);
        while (index >= 0 && flows[index].Key != blocks)
        {
            flows.Remove(index, nowMilliseconds);
            index = Find(key, vif, origin);
        }

        return index >= 0 ? index
            : flows.Refusal(vif.Id, 1, nowMilliseconds) != DropReason.None ? -1
            : flows.Add(blocks, vif.Id, isInitiator: true, icmpType: 0, nowMilliseconds);
    }

    /// <summary>Removes entries for a packet that hold no more. Called under the table's lock.</summary>
    public void Forget(in FlowKey key, Vif vif, in PacketOrigin origin, long nowMilliseconds)
    {
        for (var index = Find(key, vif, origin); index >= 0 && !flows.IsCurrent(index); index = Find(key, vif, origin))
        {
            flows.Remove(index, nowMilliseconds);
        }
    }

    private static bool HasNoPolicy(Vif vif) => vif.SecurityGroups.IsEmpty;

    // The member of an ECMP route is chosen with the ports; what has no slot is evaluated with each packet.
    private bool HasOneWay(in Evaluation evaluation) =>
        evaluation.NextHop is { Kind: NextHopKind.Interface or NextHopKind.Tunnel } leaf
        && flows.HasNextHop(leaf.Id)
        && flows.HasNextHop(evaluation.RouteNextHop)
        && tables.NextHop(evaluation.RouteNextHop) is { Kind: not NextHopKind.Ecmp };

    // An entry is for one sender; what others send as well is left to flows of their own.
    private bool IsOfOthers(int index, Vif vif, in PacketOrigin origin) =>
        index >= 0 && (flows[index].Vif != vif.Id || (flows[index].OuterSource != origin.OuterSource && flows.IsCurrent(index)));

    private FlowKey Blocks(in FlowKey key, Vif vif, in PacketOrigin origin) =>
        Blocks(key, origin, tables.Vrf(vif.Vrf)?.BlockLength(origin.IsUplink ? key.Source : key.Destination) ?? OneAddress);

    private static FlowKey Blocks(in FlowKey key, in PacketOrigin origin, int length) =>
        origin.IsUplink ? key.Between(length, AnyAddress) : key.Between(OneAddress, length);
}
