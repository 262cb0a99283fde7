using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Fabric.Agent.Configuration;
using Fabric.Agent.Core.Ports;
using Fabric.Agent.Http;
using Fabric.Agent.Inspection;
using Fabric.Agent.Node;
using Fabric.Hosting;
using Fabric.Hosting.Configuration;
using Fabric.Hosting.Loops;
using Fabric.Hosting.Metrics;
using Fabric.Runtime;
using Fabric.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fabric.Agent.Tests;

/// <summary>The web server on a real unix socket, with a node that has neither controllers nor a data plane.</summary>
public sealed class PortApiTests
{
    private const string Body = """
        {"id":"00000000-0000-4000-8000-00000000000A","instance-id":"vm","display-name":"vm-a","ip-address":"10.1.0.5","vn-id":"vn",
         "vm-project-id":"p","mac-address":"02:00:00:00:00:0a","system-name":"tap-a","type":0,"rx-vlan-id":-1,"tx-vlan-id":-1,"other":1}
        """;

    private readonly MemoryState _state = new();
    private string _directory = "";
    private ThreadLoop _loop = null!;
    private LoopWatch _watch = null!;
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _state.Ports.Clear();
        _directory = Directory.CreateTempSubdirectory("fabric-agent-test-").FullName;
        var text =
            $"node: host1\naddress: 192.0.2.11\ncontrollers: [192.0.2.1:5269]\nrun-dir: {_directory}\nport-api: null\nmetrics: null\n";
        var options = AgentOptions.From(OptionsFile.Parse(text, "agent.yaml"));
        _loop = new ThreadLoop("test", TimeProvider.System, exception => Assert.Fail(exception.ToString()));
        var node = new AgentNode(options.Node, _loop, new MemoryTransport(), _state, NullLogger<AgentNode>.Instance);
        _app = AgentHttp.CreateBuilder(options).Build();
        _watch = new LoopWatch("test", "nothing is done", _loop, TimeProvider.System, NullLogger.Instance).Start();
        var metrics = new MetricsPage(new LoopFailures(NullLogger.Instance), _watch).Add(
            _watch,
            text => AgentMetrics.Write(text, node.Status(), node.DataPlaneTimes)
        );
        AgentHttp.Map(_app, options, node, _loop, metrics);
        await _app.StartPrivateAsync(options.PortSocket);
        _client = new HttpClient(
            new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellation) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(options.PortSocket), cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        )
        {
            BaseAddress = new Uri("http://agent"),
        };
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        _watch.Dispose();
        _loop.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public async Task A_port_is_plugged_by_an_object_or_an_array_and_again_without_harm()
    {
        Assert.That(await PostAsync("/port", Body), Is.EqualTo((HttpStatusCode.OK, "{}")));
        Assert.That(await PostAsync("/port", $"[{Body}]"), Is.EqualTo((HttpStatusCode.OK, "{}")));

        var port = _state.Ports.Values.Single();
        Assert.That(port.Id, Is.EqualTo(Fixture.PortId));
        Assert.That(port.Device, Is.EqualTo("tap-a"));
    }

    [Test]
    public async Task What_a_plug_leaves_out_has_its_default()
    {
        await PostAsync("/port", $$"""{"id":"{{Fixture.PortId}}","system-name":"tap-a"}""");
        Assert.That(_state.Ports.Values.Single(), Is.EqualTo(Fixture.Port()));
    }

    [Test]
    public async Task A_port_can_be_looked_at_and_removed()
    {
        await PostAsync("/port", Body);
        var view = await GetAsync($"/port/{Fixture.PortId}");
        Assert.That((string?)view["state"], Is.EqualTo(nameof(PortState.AwaitsConfig)));
        Assert.That((string?)view["port"]!["mac-address"], Is.EqualTo("02:00:00:00:00:0a"));
        Assert.That((await GetAsync("/ports"))["ports"]!.AsArray(), Has.Count.EqualTo(1));

        var removed = await _client.DeleteAsync($"/port/{Fixture.PortId}");
        Assert.That(await removed.Content.ReadAsStringAsync(), Is.EqualTo("{}"));
        Assert.That(_state.Ports, Is.Empty);
        var gone = await _client.GetAsync($"/port/{Fixture.PortId}");
        Assert.That(gone.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_disabled_port_stays_so_when_its_plug_is_said_again()
    {
        await PostAsync("/port", Body);
        await _client.PutAsync($"/disable-port/{Fixture.PortId}", null);
        await PostAsync("/port", Body);
        Assert.That(_state.Ports[Fixture.PortId].Enabled, Is.False);
        await _client.PutAsync($"/enable-port/{Fixture.PortId}", null);
        Assert.That(_state.Ports[Fixture.PortId].Enabled, Is.True);
    }

    [TestCase("{", "not a port")]
    [TestCase("7", "not a port")]
    [TestCase("[null]", "null is not a port")]
    [TestCase("{\"id\":\"x\",\"system-name\":\"\",\"mac-address\":\"1\",\"rx-vlan-id\":5000}", "id: 'x'")]
    [TestCase("{\"id\":\"x\",\"system-name\":\"../a\"}", "system-name: '../a'")]
    public async Task A_faulty_plug_is_refused_with_a_text(string body, string expected)
    {
        var (status, text) = await PostAsync("/port", body);
        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((string?)JsonNode.Parse(text)!["error"], Does.Contain(expected));
        Assert.That(_state.Ports, Is.Empty);
    }

    [Test]
    public async Task Inspection_answers_in_kebab_case()
    {
        await PostAsync("/port", Body);
        var status = await GetAsync("/inspect/status");
        Assert.That((bool?)status["data-plane"]!["connected"], Is.False);
        Assert.That((string?)status["node"], Is.EqualTo("host1"));
        Assert.That((await GetAsync("/inspect/ports"))["ports"]!.AsArray(), Has.Count.EqualTo(1));
        Assert.That((await GetAsync("/inspect/vrfs"))["vrfs"]!.AsArray(), Is.Empty);
        Assert.That((await _client.GetAsync("/inspect/routes?vrf=none")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await _client.GetAsync("/inspect/routes?vrf=none&limit=0")).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await _client.GetStringAsync("/metrics"), Does.Contain("fabric_agent_ports{state=\"AwaitsConfig\"} 1"));
    }

    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _client.GetStringAsync(path))!;

    private async Task<(HttpStatusCode Status, string Text)> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await _client.PostAsync(path, content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
