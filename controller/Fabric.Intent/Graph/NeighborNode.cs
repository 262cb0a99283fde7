using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Intent.Graph;

/// <summary>A bgp-router with the global settings where its own are absent.</summary>
internal static class NeighborNode
{
    public static BgpNeighborIntent? Evaluate(ConfigTables tables, ConfigKey key)
    {
        if (tables.Find<BgpRouter>(key) is not { } router)
        {
            return null;
        }

        var global = tables.Global;
        return new BgpNeighborIntent(
            router.Name,
            router.Address,
            router.Port,
            new AsNumber(router.As ?? global.As),
            new AsNumber(global.As),
            router.RouterId,
            router.Families,
            router.Passive,
            router.HoldTime,
            router.RouteReflectorClient,
            router.GracefulRestartTime ?? global.GracefulRestartTime,
            router.Description,
            router.AdminDown,
            router.Message
        );
    }
}
