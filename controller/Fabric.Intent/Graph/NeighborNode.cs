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
            new BgpNeighborSettings
            {
                AsNumber = new AsNumber(router.As ?? global.As),
                LocalAsNumber = new AsNumber(global.As),
                RouterId = router.RouterId,
                Families = router.Families,
                Port = router.Port,
                Passive = router.Passive,
                HoldTime = router.HoldTime,
                RouteReflectorClient = router.RouteReflectorClient,
                GracefulRestart = new GracefulRestartIntent((ushort)(router.GracefulRestartTime ?? global.GracefulRestartTime)),
                AdminDown = router.AdminDown,
                ShutdownMessage = router.Message,
            },
            router.Description
        );
    }
}
