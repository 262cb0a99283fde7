using Fabric.Lab.Definition;

namespace Fabric.Lab;

/// <summary>Where a lab keeps things. Everything is under directories that bear its name, so that <c>down</c> needs nothing else to find it.</summary>
public sealed record LabPaths(string Lab)
{
    /// <summary>Certificates, configuration, pid files, logs and leases: gone with the lab.</summary>
    public string Runtime => $"/run/fabric/lab-{Lab}";

    /// <summary>What the daemons keep over a restart.</summary>
    public string State => $"/var/lib/fabric/lab-{Lab}";

    /// <summary>The names of the nodes, for <c>down</c>: each has a run directory under /run/fabric.</summary>
    public string NodeList => $"{Runtime}/nodes";

    public string Authority => $"{Runtime}/tls/authority.pem";

    public string NamespacePrefix => $"fab-{Lab}-";

    public Machine.NetworkNamespace Underlay => Namespace("underlay");

    public Machine.NetworkNamespace Namespace(string node) => new(NamespacePrefix + node);

    public string Certificate(LabNode node) => $"{Runtime}/tls/{node.Name}.pem";

    public string Key(LabNode node) => $"{Runtime}/tls/{node.Name}.key";

    /// <summary>The node's directory in the lab: configuration, logs, pid files.</summary>
    public string Directory(string node) => $"{Runtime}/{node}";

    /// <summary>The daemons' sockets, where the <c>fabric</c> command looks for them.</summary>
    public static string Sockets(string node) => $"/run/fabric/{node}";

    /// <summary>The BPF file system in which a node's data plane pins its maps.</summary>
    public static string Pins(string node) => $"/run/fabric/bpf/{node}";

    public string StateOf(string node) => $"{State}/{node}";

    /// <summary>Bound over /etc/resolv.conf by <c>ip netns exec</c>.</summary>
    public string NamespaceFiles(string node) => $"/etc/netns/{NamespacePrefix}{node}";
}
