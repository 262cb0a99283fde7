using System.Text.Json.Nodes;

namespace Fabric.EndToEnd;

/// <summary>
/// A host with all three programs in a network namespace of its own, and two machines of a network, each in another one: "a" at 10.1.0.10, and "b" at 10.1.0.11,
/// which may be reached at TCP port 80 alone.
/// </summary>
internal sealed class HostWithMachines : IDisposable
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
        kind: security-group
        name: web
        rules:
          - {name: http, direction: ingress, protocol: tcp, ports: "80", remote-prefix: 0.0.0.0/0}
        ---
        kind: port
        name: a
        network: red
        host: host1
        id: 00000000-0000-4000-8000-00000000000a
        addresses: [10.1.0.10]
        mac-address: 02:00:00:00:00:0a
        ---
        kind: port
        name: b
        network: red
        host: host1
        id: 00000000-0000-4000-8000-00000000000b
        addresses: [10.1.0.11]
        mac-address: 02:00:00:00:00:0b
        security-groups: [web]
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private readonly HostNamespace _host = new("flows");

    private string AgentSocket => Path.Combine(_host.Folder, "host1/port.sock");

    public async Task StartAsync()
    {
        await _host.MakeAsync();
        await AddMachineAsync("a", "10.1.0.10");
        await AddMachineAsync("b", "10.1.0.11");
        _host.Start("control1", Programs.Control, "router-id: 192.0.2.11\nlisten: 192.0.2.11\napi: null\n");
        _host.Start("host1", Programs.DataPlane, "uplink: up0\napi: null\n");
        _host.Start("host1", Programs.Agent, "address: 192.0.2.11\ncontrollers: [192.0.2.11:5269]\nport-api: null\nmetrics: null\n");
        var objects = Path.Combine(_host.Folder, "objects.yaml");
        await File.WriteAllTextAsync(objects, Objects);
        await UntilAsync(() => FabricAsync("apply", "-f", objects), "");
        foreach (var name in (string[])["a", "b"])
        {
            var port =
                $$"""{"id":"00000000-0000-4000-8000-00000000000{{name}}","system-name":"tap-{{name}}","display-name":"machine-{{name}}"}""";
            await UntilAsync(() => RunAsync("curl", "-sS", "--fail", "--unix-socket", AgentSocket, "-d", port, "http://node/port"), "");
        }

        _host.Keep(In("b", "python3", "-m", "http.server", "80", "--bind", "10.1.0.11"));
        await UntilAsync(() => ConnectAsync(80), "");
    }

    /// <summary>A TCP connection from "a" to "b".</summary>
    /// <returns>What it said, where it was made.</returns>
    public Task<string?> ConnectAsync(int port) =>
        AnswerAsync(In("a", "curl", "-sS", "-m", "1", "-o", "/dev/null", $"http://10.1.0.11:{port}/"));

    /// <summary>Waits for a row of the agent's stream.</summary>
    public async Task<JsonNode> RowAsync(string topic, Func<JsonNode, bool> isWanted)
    {
        JsonNode? found = null;
        await UntilAsync(
            async () =>
            {
                var rows = await RunAsync("curl", "-sS", "--fail", "--unix-socket", AgentSocket, $"http://node/stream/{topic}") ?? "";
                found = rows.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => JsonNode.Parse(line)!)
                    .FirstOrDefault(isWanted);
                return found is null ? null : "found";
            },
            "found"
        );
        return found!;
    }

    /// <summary>The fabric command; null where it failed.</summary>
    public Task<string?> FabricAsync(params IEnumerable<string> arguments) =>
        RunAsync(["dotnet", Programs.Cli, .. arguments, "--run-dir", _host.Folder]);

    public void Dispose()
    {
        _host.Dispose();
        HostNamespace.ShellAsync($"ip netns del {Space("a")}; ip netns del {Space("b")}; true").GetAwaiter().GetResult();
    }

    private string Space(string machine) => $"{_host.Name}-{machine}";

    private Task AddMachineAsync(string name, string address)
    {
        var machine = Space(name);
        return HostNamespace.ShellAsync(
            $"ip netns add {machine} && ip -n {_host.Name} link add tap-{name} type veth peer eth0 netns {machine} && ip -n {_host.Name} link set tap-{name} up && "
                + $"ip -n {machine} link set lo up && ip -n {machine} link set eth0 address 02:00:00:00:00:0{name} up && "
                + $"ip -n {machine} address add {address}/24 dev eth0 && nsenter --net=/run/netns/{machine} ethtool -K eth0 tx off >/dev/null"
        );
    }

    private ProgramRun In(string machine, params IEnumerable<string> command) => ProgramRun.In(Space(machine), command);

    private async Task UntilAsync(Func<Task<string?>> ask, string text)
    {
        using var deadline = new CancellationTokenSource(s_patience);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while ((await ask())?.Contains(text, StringComparison.Ordinal) != true)
        {
            if (deadline.IsCancellationRequested || _host.HasLostAProgram)
            {
                Assert.Fail(_host.Output);
            }

            await poll.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private static Task<string?> RunAsync(params IReadOnlyList<string> command) => AnswerAsync(ProgramRun.Of(command));

    private static async Task<string?> AnswerAsync(ProgramRun run)
    {
        using (run)
        {
            return await run.ExitCodeAsync() == 0 ? run.Output : null;
        }
    }
}
