using Fabric.Primitives;
using Fabric.Routing.Policies;

namespace Fabric.Controller.Routes;

/// <summary>The policies of the options file by name.</summary>
internal sealed class PolicyBook(EquatableArray<RoutePolicy> policies)
{
    private readonly Dictionary<string, RoutePolicy> _byName = policies.ToDictionary(policy => policy.Name, StringComparer.Ordinal);

    /// <summary>Each name is there: the file's reader and who takes objects have seen to that.</summary>
    public EquatableArray<RoutePolicy> Chain(EquatableArray<string> names) => [.. names.Select(name => _byName[name])];
}
