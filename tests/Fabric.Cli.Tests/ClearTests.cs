using Fabric.Cli.Nodes;

namespace Fabric.Cli.Tests;

/// <summary>bgp clear, in the words of FRR.</summary>
public sealed class ClearTests
{
    private FakeFabric _fabric = null!;

    [SetUp]
    public async Task StartControlNode()
    {
        _fabric = new FakeFabric();
        await _fabric.StartAsync(
            "control1",
            NodeRole.Control,
            ("/v1/bgp/neighbors/clear", TestFiles.Document("control-cleared")),
            ("/v1/bgp/neighbors/gw1/clear", """{"neighbors": [{"name": "gw1", "mode": "hard", "families": []}]}""")
        );
    }

    [TearDown]
    public async Task Stop() => await _fabric.DisposeAsync();

    [TestCase("bgp clear gw1", "gw1/clear?mode=hard")]
    [TestCase("bgp clear gw1 --message new&card", "gw1/clear?mode=hard&message=new%26card")]
    [TestCase("bgp clear gw1 soft", "gw1/clear?mode=soft")]
    [TestCase("bgp clear gw1 soft in", "gw1/clear?mode=soft-in")]
    [TestCase("bgp clear gw1 soft in --family vpnv4", "gw1/clear?mode=soft-in&family=vpnv4")]
    [TestCase("bgp clear gw1 soft --family vpnv4", "gw1/clear?mode=soft&family=vpnv4")]
    [TestCase("bgp clear 192.0.2.21 soft out", "192.0.2.21/clear?mode=soft-out")]
    [TestCase("bgp clear all", "clear?mode=hard")]
    public async Task A_clear_asks_for_what_was_named(string arguments, string request)
    {
        await _fabric.RunAsync(arguments);

        Assert.That(_fabric.Requests, Is.EqualTo(["POST /v1/bgp/neighbors/" + request]));
    }

    [Test]
    public async Task Each_neighbour_stands_with_what_was_done() =>
        Assert.That(
            await _fabric.RunAsync("bgp clear all soft in"),
            Is.EqualTo(new CliResult(0, "gw1: is asked for its routes again: vpnv4, rtc\ngw2: nothing was done: it has no session\n", ""))
        );

    [Test]
    public async Task A_hard_clear_says_that_the_session_begins_anew() =>
        Assert.That((await _fabric.RunAsync("bgp clear gw1")).Output, Is.EqualTo("gw1: its session begins anew\n"));

    [Test]
    public async Task A_program_reads_the_document_itself() =>
        Assert.That((await _fabric.RunAsync("bgp clear gw1 --json")).Output, Does.Contain("\"mode\": \"hard\""));

    [TestCase("bgp clear gw1 soft sideways", "error: 'sideways' is not known here")]
    [TestCase("bgp clear gw1 --family vpnv4", "error: '--family' is not known here")]
    [TestCase("bgp clear", "error: Required argument 'name' missing for command: 'clear'.")]
    public async Task Wrong_usage_does_nothing(string arguments, string error)
    {
        var result = await _fabric.RunAsync(arguments);

        Assert.That((result.ExitCode, _fabric.Requests.Count), Is.EqualTo((2, 0)));
        Assert.That(result.Error, Does.StartWith(error));
    }
}
