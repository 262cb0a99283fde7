using System.Text.Json.Nodes;

namespace Fabric.Lab;

/// <summary>The agent's port API of a host.</summary>
public sealed class HostApi(string node) : NodeApi(node, "port.sock")
{
    public Task PlugAsync(JsonNode port) => PostAsync("/port", port);

    public Task UnplugAsync(Guid port) => DeleteAsync($"/port/{port}");
}
