using Fabric.Datapath.Kernel.Tests.Equality;
using Fabric.Model.Datapath;

namespace Fabric.Datapath.Kernel.Tests.Flows;

/// <summary>The first tables of <see cref="RandomTables"/> without their chance: all machines in one network, with a route to the host of the underlay.</summary>
internal static class OneNetwork
{
    /// <param name="group">The security group of all machines; null: none.</param>
    public static Batch Tables(uint? group)
    {
        var batch = new RandomTables(new Random(1)).Snapshot();
        foreach (var vif in batch.Vifs)
        {
            vif.SecurityGroups.Clear();
            vif.SecurityGroups.Add(group is { } id ? [id] : []);
            vif.Vrf = 1;
        }

        batch.Routes.Add(Frames.RouteToUnderlay);
        return batch;
    }
}
