using Fabric.Primitives;

namespace Fabric.Agent.Core.Allocation;

/// <summary>The four ranges of numbers that the agent hands out.</summary>
public sealed class Identifiers(Allocations restored)
{
    /// <summary>The data plane's tables of vifs and VRFs, and the two-octet number of a type 1 route distinguisher (RFC 4364 section 4.2).</summary>
    private const uint LastSmallId = ushort.MaxValue;

    private const uint LastNextHop = 0xFFFFF;

    /// <summary>Key: port.</summary>
    public IdPool Labels { get; } = new(MplsLabel.FirstUnreserved, MplsLabel.Max, restored.Labels);

    /// <summary>Key: VRF.</summary>
    public IdPool Vrfs { get; } = new(1, LastSmallId, restored.Vrfs);

    /// <summary>Key: port.</summary>
    public IdPool Vifs { get; } = new(1, LastSmallId, restored.Vifs);

    /// <summary>Key: <see cref="Tables.NextHopKey.Name"/>. Id 0 is the data plane's discard next hop.</summary>
    public IdPool NextHops { get; } = new(1, LastNextHop, restored.NextHops);

    public int Version => unchecked(Labels.Version + Vrfs.Version + Vifs.Version + NextHops.Version);

    public Allocations Save() => new(Labels.Save(), Vrfs.Save(), Vifs.Save(), NextHops.Save());
}
