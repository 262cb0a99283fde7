using System.Text.Json;
using Fabric.Cli.Nodes;

namespace Fabric.Cli.Tests;

public sealed class JsonTests
{
    private FakeFabric _fabric = null!;

    [SetUp]
    public async Task StartTwoHosts()
    {
        _fabric = new FakeFabric();
        foreach (var host in (string[])["host1", "host2"])
        {
            await _fabric.StartAsync(host, NodeRole.Datapath, ("/inspect/flows", TestFiles.Document("dp-flows")));
        }
    }

    [TearDown]
    public async Task Stop() => await _fabric.DisposeAsync();

    [Test]
    public async Task Several_hosts_are_an_object_keyed_by_node()
    {
        var result = JsonDocument.Parse((await _fabric.RunAsync("flows --json")).Output).RootElement;

        Assert.That(result.EnumerateObject().Select(node => node.Name), Is.EqualTo(["host1", "host2"]));
        Assert.That(JsonElement.DeepEquals(result.GetProperty("host2"), Document("dp-flows")));
    }

    [Test]
    public async Task A_named_host_is_its_document_itself()
    {
        var result = JsonDocument.Parse((await _fabric.RunAsync("flows --json --node host2")).Output).RootElement;

        Assert.That(JsonElement.DeepEquals(result, Document("dp-flows")));
    }

    [Test]
    public async Task Only_dropped_flows_are_left_when_asked()
    {
        var result = JsonDocument.Parse((await _fabric.RunAsync("flows --dropped --json --node host1")).Output).RootElement;

        Assert.That(result.GetProperty("total").GetInt32(), Is.EqualTo(1));
        Assert.That(result.GetProperty("items")[0].GetProperty("rule").GetString(), Is.EqualTo("web/default-deny"));
    }

    private static JsonElement Document(string name) => JsonDocument.Parse(TestFiles.Document(name)).RootElement;
}
