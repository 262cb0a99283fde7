using System.Globalization;
using System.Text.Json;
using Fabric.Analytics;
using Fabric.Cli.Nodes;
using Fabric.Cli.Output;

namespace Fabric.Cli.Commands;

/// <summary>
/// The rows of a topic from each program that has it. One that does not answer, or breaks off, hides none of the others; the exit code tells.
/// </summary>
internal sealed class StreamReading(CliContext context, Topic topic, string from)
{
    // Rows of several programs come at the same time; a line is one row's alone.
    private readonly Lock _printing = new();

    /// <summary>Program after program: one that was opened and waited for its turn would be cut off.</summary>
    public async Task ListAsync()
    {
        var (programs, rows) = (0, 0);
        foreach (var client in Programs())
        {
            using var lines = await OpenAsync(client, isFollowing: false);
            if (lines is not null)
            {
                programs++;
                rows += await PrintAsync(client, lines, isFollowing: false);
            }
        }

        Require(programs);
        if (rows == 0 && programs > 0)
        {
            context.Note($"there is no row of {topic.Name}");
        }
    }

    /// <summary>All programs at once, until the last of them ends.</summary>
    public async Task FollowAsync()
    {
        var isServed = await Task.WhenAll(
            Programs()
                .Select(async client =>
                {
                    using var lines = await OpenAsync(client, isFollowing: true);
                    return lines is not null && await PrintAsync(client, lines, isFollowing: true) >= 0;
                })
        );
        Require(isServed.Count(one => one));
    }

    private IReadOnlyList<NodeClient> Programs() =>
        context.Nodes.All(context.Node) is { Count: > 0 } found
            ? found
            : throw new CliException(
                context.Node is null ? "no Fabric process runs on this machine" : $"no Fabric process runs as node {context.Node}",
                "fabric status lists what runs"
            );

    private void Require(int programs)
    {
        // Where a program has failed, its error has been told.
        if (programs == 0 && !context.HasFailed)
        {
            throw new CliException(
                $"no program {(context.Node is null ? "on this machine" : $"of {context.Node}")} has a stream",
                "fabric-control and fabric-agent have one: fabric status tells whether they run, and on which node"
            );
        }
    }

    private async Task<NodeLines?> OpenAsync(NodeClient client, bool isFollowing)
    {
        try
        {
            return await client.OpenLinesAsync(
                $"/stream/{topic.ShortName}?from={from}&follow={(isFollowing ? "true" : "false")}",
                context.Cancellation
            );
        }
        catch (CliException exception)
        {
            Warn(exception);
            return null;
        }
    }

    /// <returns>How many rows there were.</returns>
    private async Task<int> PrintAsync(NodeClient client, NodeLines lines, bool isFollowing)
    {
        var count = 0;
        string? last = null;
        try
        {
            while (await lines.NextAsync(context.Cancellation) is { } line)
            {
                var row = Parse(client, line);
                if (row.Text("end") is { } reason)
                {
                    throw new CliException($"{client.Name} ended the stream: {reason}");
                }

                Print(line, row);
                last = row.At("envelope")?.Text("sequence") ?? last;
                count++;
            }

            if (isFollowing)
            {
                throw new CliException($"{client.Name} ended the stream");
            }
        }
        catch (CliException exception)
        {
            Warn(new CliException(exception.Message, GoOn(client, last)));
        }

        return count;
    }

    private static JsonElement Parse(NodeClient client, string line)
    {
        try
        {
            return JsonDocument.Parse(line).RootElement;
        }
        catch (JsonException exception)
        {
            throw new CliException($"{client.Name} sent a row that is not JSON", exception);
        }
    }

    private string GoOn(NodeClient client, string? last) =>
        ulong.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? $"see fabric status; fabric stream {topic.ShortName} --node {client.Node} --from {sequence + 1} goes on behind the last row"
            : "see fabric status; no row had come";

    private void Print(string line, JsonElement row)
    {
        var text = context.Json ? line : StreamLine.Of(topic, row);
        lock (_printing)
        {
            context.Print(text);
        }
    }

    private void Warn(CliException exception)
    {
        lock (_printing)
        {
            context.Warn(exception);
        }
    }
}
