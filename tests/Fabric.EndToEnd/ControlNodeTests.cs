using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Fabric.EndToEnd;

/// <summary>The real programs, as an operator runs them. What needs hosts and packets is the lab's business.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ControlNodeTests : IDisposable
{
    private const string Objects = """
        kind: virtual-network
        name: red
        ---
        kind: subnet
        name: red-v4
        network: red
        prefix: 10.1.0.0/24
        ---
        kind: port
        name: web1
        network: red
        host: host1
        """;

    private readonly ControlNodeFixture _node = new();

    public void Dispose() => _node.Dispose();

    [Test]
    public async Task What_was_applied_outlives_a_crash_with_its_allocated_values()
    {
        var file = _node.WriteFile("red.yaml", Objects);
        string before;
        using (var first = await _node.StartAsync())
        {
            var (applied, report) = await _node.FabricAsync("apply", "-f", file);
            Assert.That(applied, Is.Zero, report);
            before = (await _node.FabricAsync("describe", "port", "web1")).Output;
            Assert.That(before, Does.Contain("10.1.0."));
            first.Kill();
        }

        using var second = await _node.StartAsync();

        Assert.That((await _node.FabricAsync("describe", "port", "web1")).Output, Is.EqualTo(before));
    }

    [Test]
    public async Task What_is_asked_of_the_api_stands_in_the_stream_with_who_asked_and_without_secrets()
    {
        using var run = await _node.StartAsync();
        var file = _node.WriteFile(
            "gw.yaml",
            "kind: bgp-router\nname: gw1\naddress: 127.0.0.9\npassive: true\npassword: sesame-open\n---\nkind: virtual-network\nname: red\n"
        );
        await _node.FabricAsync("apply", "-f", file);
        await _node.FabricAsync("delete", "virtual-network", "red");

        var audit = await _node.StreamAsync("audit", rows => rows.Count == 3);
        // The control node tells of itself there too, whenever that is.
        var objects = await _node.StreamAsync("objects", rows => rows.Any(IsDeletion));

        Assert.That(audit.Select(row => (string?)row["who"]), Is.All.EqualTo("uid 0"));
        Assert.That(
            audit.Select(row => $"{row["operation"]} {row["name"]}"),
            Is.EquivalentTo(new[] { "CREATE gw1", "CREATE red", "DELETE red" })
        );
        Assert.That(audit.Select(row => (string?)row["envelope"]!["sequence"]), Is.EqualTo(new[] { "1", "2", "3" }));
        Assert.That(objects.Where(IsDeletion).Select(row => (string?)row["name"]), Is.EqualTo(new[] { "red" }));
        Assert.That(objects.Where(row => !IsDeletion(row)).Select(row => (string?)row["name"]), Is.SupersetOf(new[] { "gw1", "red" }));
        Assert.That(string.Concat(audit.Concat(objects).Select(row => row.ToJsonString())), Does.Not.Contain("sesame-open"));
    }

    private static bool IsDeletion(JsonNode row) => (bool?)row["deleted"] == true;

    [Test]
    public async Task All_errors_of_a_file_are_told_at_once_and_nothing_is_changed()
    {
        using var run = await _node.StartAsync();
        var file = _node.WriteFile(
            "wrong.yaml",
            "kind: virtual-network\nname: red\n---\nkind: subnet\nname: s\nnetwork: green\nprefix: 10.1.0.0/24\n---\nkind: subnet\nname: t\nnetwork: red\nprefix: 10.1.0.1/24\n"
        );

        var (exitCode, output) = await _node.FabricAsync("apply", "-f", file);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.Contain("10.1.0.1/24"));
        Assert.That((await _node.FabricAsync("get", "virtual-network")).Output, Does.Not.Contain("red"));
    }

    [Test]
    public async Task It_ends_when_it_is_told_to()
    {
        using var run = await _node.StartAsync();

        run.Terminate();

        Assert.That(await run.ExitCodeAsync(), Is.Zero, run.Output);
    }

    [Test]
    public async Task Who_finds_the_API_finds_the_port_of_BGP()
    {
        using var run = await _node.StartAsync();
        using var peer = new TcpClient();

        Assert.That(async () => await peer.ConnectAsync(IPAddress.Loopback, _node.BgpPort), Throws.Nothing);
    }

    [Test]
    public async Task A_port_that_is_taken_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        _node.WriteOptions(port);

        using var run = new ProgramRun(Programs.Control, "--config", _node.OptionsFile);

        Assert.That(await run.ExitCodeAsync(), Is.EqualTo(1));
        Assert.That(run.Output, Does.Contain($"127.0.0.1:{port}").And.Contain("in use"));
    }

    [Test]
    public async Task A_faulty_options_file_is_refused_with_every_fault()
    {
        File.WriteAllText(_node.OptionsFile, "node: control1\nlisten: nowhere\nbpg-port: 179\n");

        using var run = new ProgramRun(Programs.Control, "--config", _node.OptionsFile);

        Assert.That(await run.ExitCodeAsync(), Is.EqualTo(2));
        Assert.That(
            run.Output,
            Does.Contain("'router-id' is missing").And.Contain("'nowhere'").And.Contain("'bpg-port' is not known; did you mean 'bgp-port'?")
        );
    }

    [Test]
    public async Task A_check_says_whether_the_file_is_good_and_starts_nothing()
    {
        using var good = new ProgramRun(Programs.Control, "--check", "--config", _node.OptionsFile);
        Assert.That(await good.ExitCodeAsync(), Is.Zero, good.Output);

        File.AppendAllText(_node.OptionsFile, "\nneighbors: [{ name: gw1, address: nowhere }]\n");
        using var bad = new ProgramRun(Programs.Control, "--check", "--config", _node.OptionsFile);

        Assert.That(await bad.ExitCodeAsync(), Is.EqualTo(2));
        Assert.That(bad.Output, Does.Contain("'nowhere' is not an IP address of the neighbour"));
    }

    [Test]
    public async Task A_hang_up_makes_it_read_its_file_again()
    {
        using var run = await _node.StartAsync();
        var options = File.ReadAllText(_node.OptionsFile);
        File.WriteAllText(_node.OptionsFile, options + "\nneighbours: []\n");
        run.HangUp();
        await run.PrintsAsync("'neighbours' is not known; did you mean 'neighbors'?");
        File.WriteAllText(_node.OptionsFile, options + "\nneighbors: [{ name: gw1, address: 127.0.0.9, passive: true }]\n");

        run.HangUp();
        await run.PrintsAsync("was read again and holds now");

        var (_, listed) = await _node.FabricAsync("describe", "bgp-router", "gw1");
        Assert.That(listed, Does.Match("origin: +file"));
    }

    [Test]
    public async Task Without_a_node_the_command_says_what_to_do()
    {
        var (exitCode, output) = await _node.FabricAsync("get", "port");

        Assert.That((exitCode, output), Is.EqualTo((1, output)));
        Assert.That(output, Does.StartWith("error: ").And.Contain("hint: "));
    }
}
