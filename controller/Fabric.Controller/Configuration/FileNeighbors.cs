using Fabric.Config;
using Fabric.Intent;
using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Controller.Configuration;

/// <summary>
/// Owned by the config loop: the neighbours that the options file names. They are shown as bgp-router objects that nobody but the
/// file's writer can change, and no object may be what they are: a name and an address belong to one neighbour. Objects may name the file's policies.
/// </summary>
public sealed class FileNeighbors
{
    private const string NextStep =
        "Change the options file of fabric-control and send it SIGHUP, or take the neighbour out of the file first.";

    private EquatableArray<BgpNeighborIntent> _neighbors;
    private EquatableArray<string> _policies;

    internal FileNeighbors(EquatableArray<BgpNeighborIntent> neighbors, EquatableArray<string> policies)
    {
        _neighbors = neighbors;
        _policies = policies;
    }

    public static FileNeighbors None => new([], []);

    internal EquatableArray<BgpNeighborIntent> All => _neighbors;

    /// <summary>As objects, in the order of names; no transaction has written them, so their revision is 0.</summary>
    public IEnumerable<StoredObject> Objects => _neighbors.Select(neighbor => new StoredObject(NeighborObject.Of(neighbor), Revision: 0));

    public StoredObject? Find(ConfigKey key) => Objects.FirstOrDefault(item => item.Value.Key == key);

    /// <summary>Why edits can't be taken, one error for each that touches a neighbour of the file.</summary>
    public IReadOnlyList<ConfigError> Refuse(IReadOnlyList<ConfigEdit> edits)
    {
        var errors = new List<ConfigError>();
        foreach (var edit in edits.Where(edit => edit.Key.Kind == ConfigKind.BgpRouter))
        {
            errors.AddRange(
                UnknownPolicies(edit.Value, _policies)
                    .Take(ConfigError.MaxTold - errors.Count)
                    .Select(unknown => new ConfigError(
                        $"{edit.Path}.{unknown.Key}",
                        $"The options file of the control node has no policy '{unknown.Policy}'.",
                        "Write the policy there and send the control node SIGHUP, or name another one."
                    ))
            );
            if (_neighbors.FirstOrDefault(neighbor => neighbor.Name == edit.Key.Name) is { } same)
            {
                errors.Add(
                    new ConfigError(
                        $"{edit.Path}.name",
                        $"{edit.Key} comes from the options file of the control node ({same.Address}).",
                        NextStep
                    )
                );
            }
            else if (
                edit.Value is BgpRouter router
                && _neighbors.FirstOrDefault(neighbor => neighbor.Address == router.Address) is { } other
            )
            {
                errors.Add(
                    new ConfigError(
                        $"{edit.Path}.address",
                        $"{router.Address} is the address of neighbour '{other.Name}' of the control node's options file.",
                        NextStep
                    )
                );
            }
        }

        return errors;
    }

    /// <summary>Why neighbours can't stand beside the objects that there are, in words.</summary>
    internal static IReadOnlyList<string> Conflicts(
        EquatableArray<BgpNeighborIntent> neighbors,
        EquatableArray<string> policies,
        IEnumerable<StoredObject> objects
    )
    {
        var routers = objects.Select(item => item.Value).OfType<BgpRouter>().ToList();
        var byName = routers.ToDictionary(router => router.Name, StringComparer.Ordinal);
        var byAddress = routers.ToDictionary(router => router.Address);
        return
        [
            .. neighbors
                .Where(neighbor => byName.ContainsKey(neighbor.Name))
                .Select(neighbor => $"neighbour '{neighbor.Name}': the API has {byName[neighbor.Name].Key}; delete one of them"),
            .. neighbors
                .Where(neighbor => !byName.ContainsKey(neighbor.Name) && byAddress.ContainsKey(neighbor.Address))
                .Select(neighbor =>
                    $"neighbour '{neighbor.Name}': {neighbor.Address} is the address of {byAddress[neighbor.Address].Key} of the API; delete one of them"
                ),
            .. routers.SelectMany(router =>
                UnknownPolicies(router, policies)
                    .Select(unknown => $"policy '{unknown.Policy}' is not there, and {router.Key} of the API names it as {unknown.Key}")
            ),
        ];
    }

    /// <summary>Takes the place of the former ones, and gives what differs: changed and new neighbours, and names of those that are gone.</summary>
    internal (EquatableArray<BgpNeighborIntent> Changed, EquatableArray<string> Removed) Replace(
        EquatableArray<BgpNeighborIntent> next,
        EquatableArray<string> policies
    )
    {
        var before = _neighbors.ToDictionary(neighbor => neighbor.Name, StringComparer.Ordinal);
        _neighbors = next;
        _policies = policies;
        var names = next.Select(neighbor => neighbor.Name).ToHashSet(StringComparer.Ordinal);
        return (
            [.. next.Where(neighbor => before.GetValueOrDefault(neighbor.Name) != neighbor)],
            [.. before.Keys.Where(name => !names.Contains(name)).Order(StringComparer.Ordinal)]
        );
    }

    private static IEnumerable<(string Key, string Policy)> UnknownPolicies(ConfigObject? value, EquatableArray<string> policies) =>
        value is not BgpRouter router
            ? []
            : router
                .ImportPolicy.Select(policy => (Key: "import-policy", Policy: policy))
                .Concat(router.ExportPolicy.Select(policy => (Key: "export-policy", Policy: policy)))
                .Where(named => !policies.Contains(named.Policy));
}
