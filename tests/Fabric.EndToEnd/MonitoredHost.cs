namespace Fabric.EndToEnd;

/// <summary>
/// All three programs and a Prometheus with the rules that operators are given, in a network namespace of their own, at the ports that they have unless told
/// otherwise. Made for a fixture, and removed with it.
/// </summary>
internal sealed class MonitoredHost : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private readonly HostNamespace _host = new("metrics");

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
        await _host.MakeAsync();
        _host.Start(
            "control1",
            Programs.Control,
            "router-id: 192.0.2.11\nlisten: 192.0.2.11\nneighbors: [{ name: gw1, address: 192.0.2.1 }]\n"
        );
        _host.Start("host1", Programs.DataPlane, "uplink: up0\n");
        _host.Start(
            "host1",
            Programs.Agent,
            "address: 192.0.2.11\ncontrollers: [192.0.2.11:5269]\nexport: { ipfix: { collectors: 192.0.2.61:4739 } }\n"
        );
        _host.Keep(
            ProgramRun.In(
                _host.Name,
                "prometheus",
                $"--config.file={Programs.Monitoring}/prometheus.yaml",
                $"--storage.tsdb.path={_host.Folder}/tsdb",
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
            if (deadline.IsCancellationRequested || _host.HasLostAProgram)
            {
                Assert.Fail($"{expression}: '{answer}'\n{_host.Output}");
            }

            await poll.WaitForNextTickAsync(CancellationToken.None);
            using var query = ProgramRun.In(_host.Name, "promtool", "query", "instant", "http://127.0.0.1:9090", expression);
            await query.ExitCodeAsync();
            answer = query.Output;
        }
    }

    public void Dispose() => _host.Dispose();

    private async Task<string> InsideAsync(params string[] command)
    {
        using var run = ProgramRun.In(_host.Name, command);
        Assert.That(await run.ExitCodeAsync(), Is.Zero, $"{string.Join(' ', command)}: {run.Output}");
        return run.Output;
    }
}
