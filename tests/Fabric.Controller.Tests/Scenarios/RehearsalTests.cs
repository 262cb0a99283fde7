using Fabric.Controller.Bgp;
using Fabric.Controller.Routes;

namespace Fabric.Controller.Tests.Scenarios;

public sealed class RehearsalTests
{
    [Test]
    public void Each_route_comes_and_goes_and_the_node_has_none_of_it([Values] bool makesRows)
    {
        var scene = new Scene();

        var told = Rehearsal.Run(new BgpUpdateWriter(scene.Node.Speaker), makesRows, mostActs: 3);

        // One End-of-RIB, and in each act each route twice.
        Assert.That(told, Is.EqualTo(1 + 3 * 2 * Rehearsal.RoutesOfAct));
        Assert.That(scene.Inspector.Status().VpnRoutes, Is.Zero);
        Assert.That(scene.Node.Speaker.Neighbors, Is.Empty);
    }
}
