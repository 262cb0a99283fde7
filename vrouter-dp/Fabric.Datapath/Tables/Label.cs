using Fabric.Model.Datapath;

namespace Fabric.Datapath;

/// <summary>An incoming label (RFC 3031 section 3.11) and the next hop that it selects.</summary>
public sealed class Label
{
    internal Label(LabelEntry entry) => Entry = entry;

    internal LabelEntry Entry { get; }

    internal ulong Mark { get; set; }

    public uint Value => Entry.Label;

    public uint NextHop => Entry.NextHop;
}
