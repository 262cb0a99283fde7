namespace Fabric.Datapath;

/// <summary>What a batch touched, for those who keep something that was made from it.</summary>
internal sealed class TableChanges
{
    /// <summary>Next hops that are new, different or gone.</summary>
    public HashSet<uint> NextHops { get; } = [];

    public List<uint> VifsRemoved { get; } = [];

    /// <summary>Interfaces that have a number which may have been another's.</summary>
    public List<uint> VifsBegun { get; } = [];

    public List<uint> LabelsRemoved { get; } = [];

    /// <summary>Labels may lead elsewhere: one of them changed, or an interface or a next hop that is one's.</summary>
    public bool Labels { get; set; }

    public void Clear()
    {
        NextHops.Clear();
        VifsRemoved.Clear();
        VifsBegun.Clear();
        LabelsRemoved.Clear();
        Labels = false;
    }
}
