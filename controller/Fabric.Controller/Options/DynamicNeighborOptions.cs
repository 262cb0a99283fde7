using Fabric.Intent;
using Fabric.Primitives;

namespace Fabric.Controller.Options;

/// <summary>A prefix from which BGP speakers may connect that nobody named.</summary>
/// <param name="Settings">What each of them is configured with.</param>
/// <param name="Limit">How many there can be at a time.</param>
public sealed record DynamicNeighborOptions(IpPrefix Prefix, BgpNeighborSettings Settings, int Limit = DynamicNeighborOptions.DefaultLimit)
{
    public const ushort DefaultLimit = 256;
}
