using System.Text.Json.Nodes;

namespace Fabric.Lab;

/// <summary>A control node's API: configuration objects and inspection.</summary>
public sealed class ControlNodeApi(string node) : NodeApi(node, "api.sock")
{
    public Task ApplyAsync(JsonArray objects) => PostAsync("/v1/apply", objects);

    public Task DeleteAsync(string kind, string name) => base.DeleteAsync($"/v1/{kind}s/{name}");
}
