using Fabric.Model.Datapath;

namespace Fabric.Datapath;

/// <summary>A route of a VRF: where packets to the prefix go, and what is known of the endpoint behind it.</summary>
public sealed class Route
{
    private readonly uint[] groups;

    internal Route(RouteEntry entry)
    {
        Entry = entry;
        groups = [.. entry.SecurityGroups];
    }

    internal RouteEntry Entry { get; }

    internal ulong Mark { get; set; }

    public uint NextHop => Entry.NextHop;

    public uint Label => Entry.Label;

    /// <summary>Security groups of the endpoint, as its route carries them.</summary>
    public ReadOnlySpan<uint> SecurityGroups => groups;
}
