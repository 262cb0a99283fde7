using Fabric.Cli.Nodes;

namespace Fabric.Cli.Tests;

/// <summary>What people read, from documents that a lab's programs served.</summary>
public sealed class OutputTests
{
    private FakeFabric _fabric = null!;

    [SetUp]
    public async Task StartLab()
    {
        _fabric = new FakeFabric();
        await _fabric.StartAsync(
            "control1",
            NodeRole.Control,
            ("/inspect/status", TestFiles.Document("control-status")),
            ("/inspect/bgp/summary", TestFiles.Document("control-bgp-summary")),
            ("/inspect/bgp/neighbors/gateway1", TestFiles.Document("control-bgp-neighbor")),
            ("/inspect/bgp/routes", TestFiles.Document("control-bgp-routes")),
            ("/inspect/bgp/memberships", TestFiles.Document("control-bgp-memberships")),
            ("/inspect/vrfs", TestFiles.Document("control-vrfs")),
            ("/inspect/routes", TestFiles.Document("control-routes-contested"))
        );
        await _fabric.StartAsync(
            "host1",
            NodeRole.Agent,
            ("/inspect/status", TestFiles.Document("agent-status")),
            ("/inspect/ports", TestFiles.Document("agent-ports")),
            ("/inspect/vrfs", TestFiles.Document("agent-vrfs"))
        );
        await _fabric.StartAsync(
            "host1",
            NodeRole.Datapath,
            ("/inspect/status", TestFiles.Document("dp-status")),
            ("/inspect/flows", TestFiles.Document("dp-flows")),
            ("/inspect/vifs", TestFiles.Document("dp-vifs")),
            ("/inspect/vrfs", TestFiles.Document("dp-vrfs")),
            ("/inspect/routes", TestFiles.Document("dp-routes")),
            ("/inspect/next-hops", TestFiles.Document("dp-next-hops")),
            ("/inspect/labels", TestFiles.Document("dp-labels")),
            ("/inspect/drops", TestFiles.Document("dp-drops"))
        );
    }

    [TearDown]
    public async Task StopLab() => await _fabric.DisposeAsync();

    [TestCase("status", "status")]
    [TestCase("bgp summary", "bgp-summary")]
    [TestCase("bgp neighbor gateway1", "bgp-neighbor")]
    [TestCase("bgp routes", "bgp-routes")]
    [TestCase("bgp memberships", "bgp-memberships")]
    [TestCase("bgp vrfs", "bgp-vrfs")]
    [TestCase("routes --vrf red", "routes")]
    [TestCase("routes --vrf red 10.1.0.3", "routes-prefix")]
    [TestCase("ports", "ports")]
    [TestCase("vrfs", "vrfs")]
    [TestCase("flows", "flows")]
    [TestCase("flows --dropped", "flows-dropped")]
    [TestCase("vif", "vif")]
    [TestCase("rt --vrf red", "rt")]
    [TestCase("nh", "nh")]
    [TestCase("mpls", "mpls")]
    [TestCase("drops", "drops")]
    [TestCase("dp stats", "dp-stats")]
    public async Task A_command_prints_its_table(string arguments, string expected)
    {
        var result = await _fabric.RunAsync(arguments);

        Assert.That(result, Is.EqualTo(new CliResult(0, TestFiles.Expected(expected), "")));
    }

    [Test]
    public async Task A_lone_address_asks_for_its_host_route()
    {
        await _fabric.RunAsync("bgp routes 10.1.0.3 --family vpnv4");

        Assert.That(_fabric.Requests, Is.EqualTo(["GET /inspect/bgp/routes?family=vpnv4&prefix=10.1.0.3%2F32"]));
    }
}
