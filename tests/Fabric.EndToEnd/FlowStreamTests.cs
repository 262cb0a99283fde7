using System.Globalization;
using System.Text.Json.Nodes;

namespace Fabric.EndToEnd;

/// <summary>From packets of real machines to rows of the host's stream.</summary>
public sealed class FlowStreamTests
{
    private readonly HostWithMachines _host = new();

    [OneTimeSetUp]
    public Task StartAsync() => _host.StartAsync();

    [OneTimeTearDown]
    public void End() => _host.Dispose();

    [Test]
    public async Task A_connection_that_a_rule_allows_is_a_row_with_its_names()
    {
        Assert.That(await _host.ConnectAsync(80), Is.Not.Null);

        // There were tries before the server was up.
        var row = await _host.RowAsync("flows", row => Port(row) == 80 && Text(row, "event") == "END" && Received(row) > 100);

        Assert.That(Text(row, "action"), Is.EqualTo("ALLOW"));
        Assert.That((Text(row, "policy"), Text(row, "rule")), Is.EqualTo(("web", "http")));
        Assert.That((Text(row["initiator"]!, "machine"), Text(row["responder"]!, "machine")), Is.EqualTo(("machine-a", "machine-b")));
        Assert.That(Text(row, "vrf"), Does.EndWith("red:red"));
    }

    [Test]
    public async Task A_connection_that_no_rule_allows_is_a_denied_row_with_the_reason()
    {
        Assert.That(await _host.ConnectAsync(81), Is.Null);

        var row = await _host.RowAsync("flows", row => Port(row) == 81);

        Assert.That((Text(row, "action"), Text(row["responder"]!, "machine")), Is.EqualTo(("DENY", "machine-b")));
        Assert.That(Text(row, "dropReason"), Is.Not.Empty);
    }

    [Test]
    public async Task The_fabric_command_tells_it_in_words()
    {
        await _host.ConnectAsync(80);
        await _host.RowAsync("flows", row => Port(row) == 80);

        Assert.That(
            await _host.FabricAsync("stream", "flows"),
            Does.Contain("(machine-a) -> 10.1.0.11:80 (machine-b)").And.Contain("allow by web http")
        );
    }

    private static int? Port(JsonNode row) => (int?)row["responder"]?["port"];

    private static ulong Received(JsonNode row) => ulong.Parse(Text(row["received"]!, "bytes") ?? "0", CultureInfo.InvariantCulture);

    private static string? Text(JsonNode row, string name) => (string?)row[name];
}
