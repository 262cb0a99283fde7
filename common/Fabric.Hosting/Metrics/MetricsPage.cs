using Fabric.Hosting.Loops;
using Fabric.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fabric.Hosting.Metrics;

/// <summary>
/// GET /metrics of a program: the process, its loops, and what the owner of each loop's state writes on that loop. A loop that does not answer costs its
/// own families only, and the page says so: what is stuck must be seen.
/// </summary>
public sealed class MetricsPage(LoopFailures failures, params IReadOnlyList<LoopWatch> watches)
{
    // Below the ten seconds that Prometheus waits for a page unless told otherwise.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private readonly List<(LoopWatch Watch, Action<PrometheusText> Write)> _sources = [];
    private readonly List<Action<PrometheusText>> _free = [];

    /// <summary>Families that are written on the watched loop.</summary>
    public MetricsPage Add(LoopWatch watch, Action<PrometheusText> write)
    {
        _sources.Add((watch, write));
        return this;
    }

    /// <summary>Families that any thread may write.</summary>
    public MetricsPage Add(Action<PrometheusText> write)
    {
        _free.Add(write);
        return this;
    }

    public void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(
            "/metrics",
            async context =>
            {
                context.Response.ContentType = PrometheusText.ContentType;
                await context.Response.WriteAsync(await WriteAsync());
            }
        );

    /// <summary>The page.</summary>
    public async Task<string> WriteAsync()
    {
        var text = new PrometheusText().AddRuntime();
        AddLoops(text);
        foreach (var write in _free)
        {
            write(text);
        }

        var answers = await Task.WhenAll(_sources.Select(AskAsync));
        foreach (var families in answers)
        {
            text.Append(families ?? "");
        }

        text.Gauge("fabric_metrics_complete", "1 where the loop's state is on this page; 0: it did not answer in time.");
        foreach (var ((watch, _), families) in _sources.Zip(answers))
        {
            text.Sample(families is null ? 0 : 1, ("loop", watch.Name));
        }

        return text.ToString();
    }

    private static async Task<string?> AskAsync((LoopWatch Watch, Action<PrometheusText> Write) source)
    {
        if (source.Watch.IsStuck)
        {
            return null;
        }

        var answer = source.Watch.Loop.AskAsync(() =>
        {
            var text = new PrometheusText();
            source.Write(text);
            return text.ToString();
        });
        try
        {
            return await answer.WaitAsync(s_patience, source.Watch.Time);
        }
        catch (TimeoutException)
        {
            // The page says so: fabric_metrics_complete.
            return null;
        }
    }

    private void AddLoops(PrometheusText text)
    {
        Add(
            "fabric_loop_stuck",
            "1 while the loop does not run: what it owns is not changed any more. Alarm.",
            watch => watch.IsStuck ? 1 : 0
        );
        Add("fabric_loop_silence_seconds", "Time for which the loop has owed an answer.", watch => watch.Silence.TotalSeconds);
        Add("fabric_loop_queue_length", "Messages that wait for the loop.", watch => watch.Loop.Queued);
        text.Histogram("fabric_loop_latency_seconds", "From a post to its run on the loop, asked four times a second.");
        foreach (var watch in watches)
        {
            text.Sample(watch.Latency, ("loop", watch.Name));
        }

        text.Counter("fabric_loop_faults_total", "Faults of the program itself that escaped from a loop's work.").Sample(failures.Count);

        void Add(string name, string help, Func<LoopWatch, double> value)
        {
            text.Gauge(name, help);
            foreach (var watch in watches)
            {
                text.Sample(value(watch), ("loop", watch.Name));
            }
        }
    }
}
