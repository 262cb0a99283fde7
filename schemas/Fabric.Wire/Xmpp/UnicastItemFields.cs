using Fabric.Primitives;

namespace Fabric.Wire.Xmpp;

/// <summary>What is read of an item so far; the item itself is made once.</summary>
internal struct UnicastItemFields()
{
    public List<ItemNextHop> NextHops { get; } = new(1);
    public uint Version;
    public string VirtualNetwork = "";
    public ItemMobility Mobility;
    public EquatableArray<string> Peers;
    public uint SequenceNumber;
    public EquatableArray<uint> SecurityGroups;
    public EquatableArray<string> CommunityTags;
    public uint LocalPreference;
    public uint Med;
    public ItemLoadBalance? LoadBalance;
    public string SubProtocol = "";

    public readonly UnicastItem ToItem(AddressFamily family, IpPrefix prefix) =>
        new()
        {
            Family = family,
            Prefix = prefix,
            NextHops = [.. NextHops],
            Version = Version,
            VirtualNetwork = VirtualNetwork,
            Mobility = Mobility,
            Peers = Peers,
            SequenceNumber = SequenceNumber,
            SecurityGroups = SecurityGroups,
            CommunityTags = CommunityTags,
            LocalPreference = LocalPreference,
            Med = Med,
            LoadBalance = LoadBalance,
            SubProtocol = SubProtocol,
        };
}
