namespace Fabric.Cli.Nodes;

/// <summary>Finds the programs of this machine by their sockets: RUN-DIR/NODE/SOCKET.</summary>
public sealed class NodeDirectory(string runDirectory)
{
    public const string DefaultRunDirectory = "/run/fabric";

    /// <summary>All programs found, or those of one node; ordered by node and role.</summary>
    public IReadOnlyList<NodeClient> All(string? node = null)
    {
        if (!Directory.Exists(runDirectory))
        {
            throw new CliException(
                $"there is no {runDirectory}: no Fabric process has run on this machine",
                "start one (sudo tools/lab up brings up a whole fabric), or name the folder with --run-dir"
            );
        }

        var clients = new List<NodeClient>();
        foreach (var folder in Directory.EnumerateDirectories(runDirectory).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(folder);
            if (node is not null && name != node)
            {
                continue;
            }

            foreach (var role in Enum.GetValues<NodeRole>())
            {
                var socket = Path.Combine(folder, role.SocketName());
                if (File.Exists(socket))
                {
                    clients.Add(new NodeClient(name, role, socket));
                }
            }
        }

        return clients;
    }

    /// <summary>The one program of a role; where there are several, --node says which.</summary>
    public NodeClient One(NodeRole role, string? node)
    {
        var found = All(node).Where(client => client.Role == role).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw new CliException(
                node is null ? $"no {role.Program()} runs on this machine" : $"no {role.Program()} runs as node {node}",
                $"looked for {runDirectory}/{node ?? "*"}/{role.SocketName()}; fabric status lists what runs"
            ),
            _ => throw new CliException(
                $"there are several: {string.Join(", ", found.Select(client => client.Node))}",
                "say which with --node NAME"
            ),
        };
    }

    /// <summary>Every program of a role, or the one of --node.</summary>
    public IReadOnlyList<NodeClient> Every(NodeRole role, string? node)
    {
        var found = All(node).Where(client => client.Role == role).ToList();
        return found.Count > 0 ? found : [One(role, node)];
    }
}
