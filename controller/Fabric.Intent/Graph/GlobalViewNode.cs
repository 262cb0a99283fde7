using Fabric.Model.AgentView;
using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Intent.Graph;

/// <summary>The settings that every agent gets; there are some also without a global-config.</summary>
internal static class GlobalViewNode
{
    public static AgentGlobalConfig Evaluate(ConfigTables tables) =>
        new(new AsNumber(tables.Global.As), tables.Global.EncapsulationPriority.Select(GlobalConfig.Encapsulation).ToEquatableArray());
}
