using Fabric.Primitives;
using Fabric.Routing.Policies;

namespace Fabric.Controller.Routes;

/// <summary>The policies of the options file by name.</summary>
internal sealed class PolicyBook(EquatableArray<RoutePolicy> policies)
{
    private readonly Dictionary<string, RoutePolicy> _byName = policies.ToDictionary(policy => policy.Name, StringComparer.Ordinal);

    /// <summary>The file's reader has seen that each name is there.</summary>
    public EquatableArray<RoutePolicy> Chain(EquatableArray<string> names) => [.. names.Select(name => _byName[name])];
}
