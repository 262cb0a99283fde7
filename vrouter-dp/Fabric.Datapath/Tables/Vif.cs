using Fabric.Model.Datapath;
using Fabric.Primitives;

namespace Fabric.Datapath;

/// <summary>A virtual interface: a port of a VM on this host, with its counters, which outlive changes of its entry.</summary>
public sealed class Vif
{
    private uint[] addresses = [];
    private uint[] groups = [];

    internal Vif(VifEntry entry, VifStatistics statistics)
    {
        Statistics = statistics;
        Entry = entry;
        Update(entry);
    }

    internal VifEntry Entry { get; private set; }

    internal ulong Mark { get; set; }

    public uint Id => Entry.Id;

    public string Device => Entry.Device;

    public uint Vrf => Entry.Vrf;

    public MacAddress Mac { get; private set; }

    /// <summary>The next hop whose id is the key of this interface's flows.</summary>
    public uint NextHop => Entry.NextHop;

    public DhcpConfig? Dhcp => Entry.Dhcp;

    /// <summary>The machine's name, as it learns it itself by DHCP; null where nobody told it.</summary>
    public string? Machine => Entry.Dhcp is { HostName: { Length: > 0 } name } ? name : null;

    public ReadOnlySpan<uint> Addresses => addresses;

    public ReadOnlySpan<uint> SecurityGroups => groups;

    /// <summary>The change of the tables that last touched this interface or one of its access lists.</summary>
    public long ChangedAt { get; internal set; }

    /// <summary>What was counted by all who forward for it.</summary>
    public VifStatistics Statistics { get; }

    public bool HasAddress(uint address) => addresses.AsSpan().Contains(address);

    internal void Update(VifEntry entry)
    {
        Entry = entry;
        Mac = MacAddress.Read(entry.Mac.Span);
        addresses = [.. entry.Addresses];
        groups = [.. entry.SecurityGroups];
    }
}
