namespace Fabric.EndToEnd;

/// <summary>
/// All three programs and a Prometheus with the rules that operators are given, in a network namespace of their own, at the ports that they have unless told
/// otherwise. Made for a fixture, and removed with it.
/// </summary>
internal sealed class MonitoredHost : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private readonly string _space = $"fabric-e2e-{Environment.ProcessId}";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fabric-e2e-");
    private readonly List<ProgramRun> _runs = [];

    /// <summary>The pages of the three programs, by job.</summary>
    public static IReadOnlyDictionary<string, string> Pages { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["fabric-control"] = "http://127.0.0.1:8080/metrics",
            ["fabric-agent"] = "http://127.0.0.1:9092/metrics",
            ["fabric-dp"] = "http://127.0.0.1:9093/metrics",
        };

    public async Task StartAsync()
    {
        await ShellAsync($"ip netns add {_space}");
        await InsideAsync("ip", "link", "set", "lo", "up");
        await InsideAsync("ip", "link", "add", "up0", "type", "veth", "peer", "up1");
        await InsideAsync("ip", "address", "add", "192.0.2.11/24", "dev", "up0");
        await InsideAsync("ip", "link", "set", "up0", "up");
        await InsideAsync("ip", "link", "set", "up1", "up");
        Start("control1", Programs.Control, "router-id: 192.0.2.11\nlisten: 192.0.2.11\nneighbors: [{ name: gw1, address: 192.0.2.1 }]\n");
        Start("host1", Programs.DataPlane, "uplink: up0\n");
        Start(
            "host1",
            Programs.Agent,
            "address: 192.0.2.11\ncontrollers: [192.0.2.11:5269]\nexport: { ipfix: { collectors: 192.0.2.61:4739 } }\n"
        );
        _runs.Add(
            ProgramRun.In(
                _space,
                "prometheus",
                $"--config.file={Programs.Monitoring}/prometheus.yaml",
                $"--storage.tsdb.path={_folder.FullName}/tsdb",
                "--web.listen-address=127.0.0.1:9090"
            )
        );
        await AnswersAsync("count(up{job=~\"fabric-.*\"} == 1)", "=> 3 @");
    }

    /// <summary>A page as promtool and the others see it.</summary>
    public Task<string> PageAsync(string job) => InsideAsync("curl", "-sS", "--fail", Pages[job]);

    /// <summary>What Prometheus answers by now.</summary>
    public Task<string> QueryAsync(string expression) => InsideAsync("promtool", "query", "instant", "http://127.0.0.1:9090", expression);

    /// <summary>Waits until Prometheus' answer has a text.</summary>
    public async Task AnswersAsync(string expression, string text)
    {
        using var deadline = new CancellationTokenSource(s_patience);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        var answer = "";
        while (!answer.Contains(text, StringComparison.Ordinal))
        {
            if (deadline.IsCancellationRequested || _runs.Any(static run => run.HasExited))
            {
                Assert.Fail($"{expression}: '{answer}'\n{string.Join('\n', _runs.Select(static run => run.Output))}");
            }

            await poll.WaitForNextTickAsync(CancellationToken.None);
            using var query = ProgramRun.In(_space, "promtool", "query", "instant", "http://127.0.0.1:9090", expression);
            await query.ExitCodeAsync();
            answer = query.Output;
        }
    }

    public void Dispose()
    {
        foreach (var run in _runs)
        {
            run.Dispose();
        }

        ShellAsync(
                $"nsenter --net=/run/netns/{_space} dotnet {Programs.DataPlane} --config {_folder.FullName}/fabric-dp.yaml --detach; ip netns del {_space}; umount {_folder.FullName}/bpf/host1 2>/dev/null; true"
            )
            .GetAwaiter()
            .GetResult();
        _folder.Delete(recursive: true);
    }

    private void Start(string node, string program, string options)
    {
        var name = Path.GetFileNameWithoutExtension(program);
        var file = Path.Combine(_folder.FullName, $"{name}.yaml");
        var state = name == "fabric-dp" ? "" : $"state-dir: {_folder.FullName}/state/{name}\n";
        File.WriteAllText(file, $"node: {node}\nrun-dir: {_folder.FullName}/{node}\n{state}{options}");
        _runs.Add(ProgramRun.In(_space, "dotnet", program, "--config", file));
    }

    private async Task<string> InsideAsync(params string[] command)
    {
        using var run = ProgramRun.In(_space, command);
        Assert.That(await run.ExitCodeAsync(), Is.Zero, $"{string.Join(' ', command)}: {run.Output}");
        return run.Output;
    }

    private static async Task ShellAsync(string command)
    {
        using var run = ProgramRun.Of("sh", "-c", command);
        Assert.That(await run.ExitCodeAsync(), Is.Zero, $"{command}: {run.Output}");
    }
}
