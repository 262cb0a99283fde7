using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Fabric.Lab.Machine;

namespace Fabric.Lab.Checks;

/// <summary>Reads fabric.flows from the lab's Kafka cluster, by kcat, from the newest row on.</summary>
internal sealed class FlowConsumer : IDisposable
{
    private const string Topic = "fabric.flows";

    private readonly Process kcat;
    private readonly ConcurrentQueue<FlowRow> rows = [];
    private readonly ConcurrentDictionary<string, bool> ends = [];

    private FlowConsumer(string servers)
    {
        // -u: each row as it comes. Without -q it tells on its standard error where a partition's end is.
        kcat = Command.Start(["kcat", "-C", "-u", "-b", servers, "-t", Topic, "-o", "end"]);
        kcat.OutputDataReceived += (_, line) => Take(line.Data);
        kcat.ErrorDataReceived += (_, line) => NoteEnd(line.Data);
        kcat.BeginOutputReadLine();
        kcat.BeginErrorReadLine();
    }

    /// <summary>Returns when it has every row that comes from now on.</summary>
    /// <exception cref="LabException">The cluster does not answer.</exception>
    public static async Task<FlowConsumer> StartAsync(string servers)
    {
        var metadata = await Command.RunAsync("kcat", "-L", "-J", "-m", "10", "-b", servers, "-t", Topic);
        if (!metadata.Succeeded)
        {
            throw new LabException(
                $"no Kafka cluster answers at {servers}; tools/lab status tells whether kafka/broker runs, tools/lab start kafka/broker starts it"
            );
        }

        var partitions = JsonNode.Parse(metadata.Output)!["topics"]![0]!["partitions"]!.AsArray().Count;
        var consumer = new FlowConsumer(servers);
        try
        {
            await Poll.UntilAsync($"kcat to reach the end of {Topic} at {servers}", () => consumer.ends.Count >= partitions);
            return consumer;
        }
        catch
        {
            consumer.Dispose();
            throw;
        }
    }

    public FlowRow? Find(Func<FlowRow, bool> predicate) => rows.FirstOrDefault(predicate);

    public void Dispose()
    {
        kcat.Kill();
        kcat.Dispose();
    }

    private void Take(string? line)
    {
        if (!string.IsNullOrEmpty(line))
        {
            rows.Enqueue(FlowRow.Parse(line, DateTimeOffset.UtcNow));
        }
    }

    // "% Reached end of topic fabric.flows [0] at offset 12", again after each pause.
    private void NoteEnd(string? line)
    {
        if (line?.StartsWith("% Reached end", StringComparison.Ordinal) == true)
        {
            ends[line.Split(" at ")[0]] = true;
        }
    }
}
