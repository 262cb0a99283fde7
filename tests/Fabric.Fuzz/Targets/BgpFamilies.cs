using Fabric.Primitives;

namespace Fabric.Fuzz.Targets;

internal static class BgpFamilies
{
    /// <summary>VPNv4, and some of the others.</summary>
    public static AddressFamily[] Some(Random random) => [.. AddressFamily.All.Where(f => f == AddressFamily.Vpnv4 || random.Next(2) == 0)];
}
