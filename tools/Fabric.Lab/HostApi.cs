using System.Text.Json.Nodes;

namespace Fabric.Lab;

/// <summary>The agent's port API of a host.</summary>
public sealed class HostApi(string node) : NodeApi(node, "port.sock")
{
    public Task PlugAsync(JsonNode port) => PostAsync("/port", port);

    /// <summary>Every row of sessions in the journal.</summary>
    internal async Task<IReadOnlyList<Checks.FlowRow>> FlowRowsAsync() =>
        [
            .. (await GetTextAsync("/stream/flows?from=oldest&follow=false"))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => Checks.FlowRow.Parse(line, DateTimeOffset.UtcNow)),
        ];

    public Task UnplugAsync(Guid port) => DeleteAsync($"/port/{port}");
}
