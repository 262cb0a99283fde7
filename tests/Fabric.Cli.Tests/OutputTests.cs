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
            ("/inspect/bgp/neighbors/gw2", TestFiles.Document("control-bgp-neighbor")),
            ("/inspect/bgp/neighbors/gw2/received-routes", TestFiles.Document("control-bgp-received")),
            ("/inspect/bgp/neighbors/frr4", TestFiles.Document("control-bgp-neighbor")),
            ("/inspect/bgp/neighbors/frr4/advertised-routes", TestFiles.Document("control-bgp-advertised")),
            ("/inspect/bgp/routes", TestFiles.Document("control-bgp-routes")),
            ("/inspect/bgp/routes?family=evpn", TestFiles.Document("control-bgp-evpn")),
            ("/inspect/bgp/routes?family=rtc", TestFiles.Document("control-bgp-rtc")),
            ("/inspect/bgp/routes?family=ipv4-labelled", TestFiles.Document("control-bgp-ipv4-labelled")),
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
    [TestCase("bgp neighbor gw2", "bgp-neighbor")]
    [TestCase("bgp neighbor gw2 received-routes --family vpnv4", "bgp-received")]
    [TestCase("bgp neighbor frr4 advertised-routes --family vpnv4", "bgp-advertised")]
    [TestCase("bgp vpnv4", "bgp-vpnv4")]
    [TestCase("bgp vpnv4 --why", "bgp-vpnv4-why")]
    [TestCase("bgp vpnv4 10.1.0.0/24", "bgp-vpnv4-prefix")]
    [TestCase("bgp evpn", "bgp-evpn")]
    [TestCase("bgp evpn --why", "bgp-evpn-why")]
    [TestCase("bgp rtc", "bgp-rtc")]
    [TestCase("bgp ipv4-labelled", "bgp-ipv4-labelled")]
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

    [TestCase("bgp vpnv4 10.1.0.3", "/inspect/bgp/routes?family=vpnv4&prefix=10.1.0.3%2F32")]
    [TestCase("bgp rtc 64512:100 --limit 5", "/inspect/bgp/routes?family=rtc&prefix=64512%3A100&limit=5")]
    [TestCase("bgp evpn [2]", "/inspect/bgp/routes?family=evpn&prefix=%5B2%5D")]
    public async Task A_command_asks_for_what_was_named(string arguments, string request)
    {
        await _fabric.RunAsync(arguments);

        Assert.That(_fabric.Requests, Is.EqualTo(["GET " + request]));
    }

    [TestCase("10.1.0.3 --family vpnv4", "vpnv4", "10.1.0.3%2F32")]
    [TestCase("10.1.0.3", "vpnv4 ipv4", "10.1.0.3%2F32")]
    [TestCase("2001:db8::/32", "vpnv6", "2001%3Adb8%3A%3A%2F32")]
    public async Task A_prefix_is_asked_for_in_the_families_of_the_session_that_have_such(string arguments, string families, string prefix)
    {
        await using var fabric = new FakeFabric();
        var neighbor = TestFiles
            .Document("control-bgp-neighbor")
            .Replace("\"vpnv4\",\n      \"vpnv6\"", "\"vpnv4\", \"vpnv6\", \"ipv4\", \"evpn\", \"rtc\"", StringComparison.Ordinal);
        await fabric.StartAsync(
            "control1",
            NodeRole.Control,
            ("/inspect/bgp/neighbors/gw2", neighbor),
            ("/inspect/bgp/neighbors/gw2/received-routes", TestFiles.Document("control-bgp-received"))
        );

        await fabric.RunAsync("bgp neighbor gw2 received-routes " + arguments);

        Assert.That(
            fabric.Requests.Skip(1),
            Is.EqualTo(
                families.Split(' ').Select(family => $"GET /inspect/bgp/neighbors/gw2/received-routes?family={family}&prefix={prefix}")
            )
        );
    }

    /// <summary>An empty table would say that the neighbour has told nothing.</summary>
    [TestCase("--family ipv4", "gw2 has no ipv4")]
    [TestCase("--family rtc", "gw2 has no rtc")]
    public async Task A_family_that_the_session_does_not_have_is_said(string arguments, string expected)
    {
        var result = await _fabric.RunAsync("bgp neighbor gw2 received-routes " + arguments);

        Assert.That(result, Is.EqualTo(new CliResult(1, "", $"error: {expected}\nhint: its families are vpnv4, vpnv6\n")));
    }

    [Test]
    public async Task Without_a_family_those_of_the_session_are_listed_one_below_the_other()
    {
        await _fabric.RunAsync("bgp neighbor gw2 received-routes");

        Assert.That(
            _fabric.Requests.Skip(1),
            Is.EqualTo(((string[])["vpnv4", "vpnv6"]).Select(family => $"GET /inspect/bgp/neighbors/gw2/received-routes?family={family}"))
        );
    }

    [Test]
    public async Task A_cut_table_says_how_many_routes_are_missing()
    {
        await using var fabric = new FakeFabric();
        var document = TestFiles.Document("control-bgp-routes").Replace("\"total\": 4", "\"total\": 4000", StringComparison.Ordinal);
        await fabric.StartAsync("control1", NodeRole.Control, ("/inspect/bgp/routes", document));

        var result = await fabric.RunAsync("bgp vpnv4");

        Assert.That(result.Output, Does.EndWith("Displayed 4 routes and 5 total paths\n3996 more; use --limit 4000 to see all\n"));
    }
}
