namespace Fabric.Cli.Nodes;

/// <summary>
/// Finds the programs of this machine by their sockets: RUN-DIR/NODE/SOCKET. A folder that has sockets itself is one node's: the run-dir of that
/// program's configuration.
/// </summary>
public sealed class NodeDirectory(string runDirectory)
{
    public const string DefaultRunDirectory = "/run/fabric";

    private static readonly NodeRole[] s_roles = Enum.GetValues<NodeRole>();

    public string Folder => runDirectory;

    /// <summary>Nodes with a program's socket; none where the folder is missing.</summary>
    public IReadOnlyList<string> Names() =>
        Directory.Exists(runDirectory) ? [.. All().Select(client => client.Node).Distinct(StringComparer.Ordinal)] : [];

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

        return
        [
            .. Folders()
                .Where(folder => node is null || Path.GetFileName(folder) == node)
                .OrderBy(Path.GetFileName, StringComparer.Ordinal)
                .SelectMany(folder => s_roles.Select(role => Client(folder, role)))
                .Where(client => client.HasSocket),
        ];
    }

    /// <summary>As <see cref="All"/>, with the agent or data plane that a host lacks: each is of no use without the other.</summary>
    public IReadOnlyList<NodeClient> Expected(string? node)
    {
        var found = All(node);
        if (found.Count == 0)
        {
            throw new CliException(
                node is null ? "no Fabric process runs on this machine" : $"no Fabric process runs as node {node}",
                $"looked for sockets in {runDirectory}/{node ?? "*"}; start the programs, or name another folder with --run-dir"
            );
        }

        var hosts = found.Where(client => client.Role != NodeRole.Control).Select(client => client.Folder).Distinct(StringComparer.Ordinal);
        var ofHosts = hosts.SelectMany(host => (NodeClient[])[Client(host, NodeRole.Agent), Client(host, NodeRole.Datapath)]);
        return
        [
            .. found
                .Where(client => client.Role == NodeRole.Control)
                .Concat(ofHosts)
                .OrderBy(client => client.Node, StringComparer.Ordinal)
                .ThenBy(client => client.Role),
        ];
    }

    /// <summary>The one program of a role; where there are several, --node says which.</summary>
    public NodeClient One(NodeRole role, string? node)
    {
        var found = Every(role, node);
        return found.Count == 1
            ? found[0]
            : throw new CliException(
                $"several nodes run {role.Program()}: {string.Join(", ", found.Select(client => client.Node))}",
                "say which with --node NAME"
            );
    }

    /// <summary>Every program of a role, or the one of --node; at least one.</summary>
    public IReadOnlyList<NodeClient> Every(NodeRole role, string? node)
    {
        List<NodeClient> found = [.. All(node).Where(client => client.Role == role)];
        return found.Count > 0
            ? found
            : throw new CliException(
                node is null ? $"no {role.Program()} runs on this machine" : $"no {role.Program()} runs as node {node}",
                $"looked for {runDirectory}/{node ?? "*"}/{role.SocketName()}; fabric status lists what runs"
            );
    }

    private IEnumerable<string> Folders()
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(runDirectory));
        return s_roles.Any(role => Client(folder, role).HasSocket) ? [folder] : Directory.EnumerateDirectories(folder);
    }

    private static NodeClient Client(string folder, NodeRole role) =>
        new(Path.GetFileName(folder), role, Path.Combine(folder, role.SocketName()));
}
