using System.Text;
using Fabric.Bench.Load;

namespace Fabric.Bench.Tests;

[TestFixture]
public sealed class AgentPlanTests
{
    [Test]
    public void Four_agents_are_in_each_vrf()
    {
        var agents = Enumerable
            .Range(0, AgentPlan.Agents)
            .SelectMany(agent => Enumerable.Range(0, AgentPlan.VrfsPerAgent).Select(slot => AgentPlan.VrfOf(agent, slot)))
            .CountBy(vrf => vrf)
            .Select(entry => entry.Value)
            .ToList();
        Assert.That((agents.Count, agents.Min(), agents.Max()), Is.EqualTo((AgentPlan.Vrfs, 4, 4)));
    }

    [Test]
    public void A_slot_and_its_vrf_belong_together([Values(0, 7, 199)] int agent)
    {
        var slots = Enumerable.Range(0, AgentPlan.Vrfs).Select(vrf => AgentPlan.SlotOf(agent, vrf)).ToList();
        Assert.That(slots.Where(slot => slot >= 0).Order(), Is.EqualTo(Enumerable.Range(0, AgentPlan.VrfsPerAgent)));
        Assert.That(slots.Index().All(entry => entry.Item < 0 || AgentPlan.VrfOf(agent, entry.Item) == entry.Index));
    }

    [Test]
    public void Each_route_has_a_place_of_its_own_in_the_ten_vrfs_that_import_its_target([Values(1000, 1230)] int routes)
    {
        var table = new RouteTable(routes, senders: 1, labelPerRoute: false, probes: 0, AgentPlan.Targets);
        var plan = new AgentPlan(table);
        var imported = 0L;
        for (var vrf = 0; vrf < AgentPlan.Vrfs; vrf++)
        {
            var target = 0x0002_FC00_0000_0000UL | (uint)AgentPlan.TargetOf(vrf);
            var expected = Enumerable.Range(0, routes).Where(route => table.RouteTargetOf(route / 10) == target).ToList();
            var places = Enumerable.Range(0, routes).Select(route => plan.PlaceOf(vrf, route)).Where(place => place >= 0).ToList();
            Assert.That(places, Is.EqualTo(Enumerable.Range(0, expected.Count)));
            Assert.That(expected.All(route => plan.PlaceOf(vrf, route) >= 0));
            imported += expected.Count;
        }

        Assert.That((plan.Imported, imported), Is.EqualTo((10L * routes, 10L * routes)));
    }

    [Test]
    public void Agents_want_the_routes_of_their_vrfs() =>
        Assert.That(new AgentPlan(new RouteTable(1_000_000, 1, false, 0, AgentPlan.Targets)).Wanted, Is.EqualTo(40_000_000));

    [TestCase("1/1/default-domain:bench:v7:v7", 7)]
    [TestCase("1/1/default-domain:bench:v999:v999", 999)]
    [TestCase("1/1/default-domain:bench:v1000:v1000", -1)]
    [TestCase("1/1/default-domain:bench:v7:v8", -1)]
    [TestCase("2/1/default-domain:bench:v7:v7", -1)]
    [TestCase("", -1)]
    public void A_node_names_its_vrf(string node, int vrf) => Assert.That(AgentPlan.VrfOf(Encoding.ASCII.GetBytes(node)), Is.EqualTo(vrf));
}
