using Fabric.Config;
using Fabric.Intent;
using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Controller.Configuration;

/// <summary>
/// Owned by the config loop: the neighbours that the options file names. They are shown as bgp-router objects that nobody but the
/// file's writer can change, and no object may be what they are: a name and an address belong to one neighbour.
/// </summary>
public sealed class FileNeighbors
{
    private const string NextStep =
        "Change the options file of fabric-control and send it SIGHUP, or take the neighbour out of the file first.";

    private EquatableArray<BgpNeighborIntent> _neighbors;

    internal FileNeighbors(EquatableArray<BgpNeighborIntent> neighbors) => _neighbors = neighbors;

    public static FileNeighbors None => new([]);

    internal EquatableArray<BgpNeighborIntent> All => _neighbors;

    /// <summary>As objects, in the order of names; no transaction has written them, so their revision is 0.</summary>
    public IEnumerable<StoredObject> Objects => _neighbors.Select(neighbor => new StoredObject(AsObject(neighbor), Revision: 0));

    public StoredObject? Find(ConfigKey key) => Objects.FirstOrDefault(item => item.Value.Key == key);

    /// <summary>Why edits can't be taken, one error for each that touches a neighbour of the file.</summary>
    public IReadOnlyList<ConfigError> Refuse(IReadOnlyList<ConfigEdit> edits)
    {
        var errors = new List<ConfigError>();
        foreach (var edit in edits.Where(edit => edit.Key.Kind == ConfigKind.BgpRouter))
        {
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
    internal static IReadOnlyList<string> Conflicts(EquatableArray<BgpNeighborIntent> neighbors, IEnumerable<StoredObject> objects)
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
        ];
    }

    /// <summary>Takes the place of the former ones, and gives what differs: changed and new neighbours, and names of those that are gone.</summary>
    internal (EquatableArray<BgpNeighborIntent> Changed, EquatableArray<string> Removed) Replace(EquatableArray<BgpNeighborIntent> next)
    {
        var before = _neighbors.ToDictionary(neighbor => neighbor.Name, StringComparer.Ordinal);
        _neighbors = next;
        var names = next.Select(neighbor => neighbor.Name).ToHashSet(StringComparer.Ordinal);
        return (
            [.. next.Where(neighbor => before.GetValueOrDefault(neighbor.Name) != neighbor)],
            [.. before.Keys.Where(name => !names.Contains(name)).Order(StringComparer.Ordinal)]
        );
    }

    private static BgpRouter AsObject(BgpNeighborIntent neighbor) =>
        new(
            neighbor.Name,
            neighbor.Address,
            neighbor.Settings.AsNumber.Value,
            neighbor.Settings.RouterId,
            neighbor.Settings.Families,
            neighbor.Settings.Port,
            neighbor.Settings.Passive,
            neighbor.Settings.HoldTime,
            neighbor.Settings.RouteReflectorClient,
            neighbor.Settings.GracefulRestart.Time,
            neighbor.Description,
            neighbor.Settings.AdminDown,
            neighbor.Settings.ShutdownMessage,
            BgpRouter.FileOrigin
        );
}
