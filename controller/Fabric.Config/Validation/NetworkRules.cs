using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Config.Validation;

/// <summary>virtual-network and network-connection.</summary>
internal static class NetworkRules
{
    // RFC 791 section 3.2: every module must forward 68 bytes.
    private const int MinMtu = 68;
    private const int MaxMtu = 9216;

    public static void Check(ConfigDraft draft, ConfigReport report)
    {
        var ids = new Dictionary<uint, ConfigKey>();
        var targets = new Dictionary<RouteTarget, ConfigKey>();
        foreach (var network in draft.Of<VirtualNetwork>())
        {
            if (network.Mtu is < MinMtu or > MaxMtu)
            {
                report.Add(network, ".mtu", $"{network.Mtu} is no MTU.", $"Use {MinMtu} to {MaxMtu}, or leave it out.");
            }

            if (draft.Before<VirtualNetwork>(network.Key) is { } before && before.Id != network.Id)
            {
                report.Add(network, ".id", $"The network's id is {before.Id} for as long as it lives.", "Leave the id out.");
            }

            if (!ids.TryAdd(network.Id, network.Key))
            {
                var other = ids[network.Id];
                report.Add(network, ".id", $"{other} has the id {network.Id}.", "Leave the id out: it is allocated.", other);
            }

            CheckTarget(network, targets, report);
        }

        foreach (var connection in draft.Of<NetworkConnection>())
        {
            CheckConnection(connection, report);
        }
    }

    /// <summary>Networks with one own target would be one network to all others, on this node and beyond.</summary>
    private static void CheckTarget(VirtualNetwork network, Dictionary<RouteTarget, ConfigKey> targets, ConfigReport report)
    {
        if (network.RouteTarget is not { } target)
        {
            report.Add(network, ".route-target", "No number is free for the network's own target.", "Delete networks, or give a target.");
        }
        else if (!targets.TryAdd(target, network.Key))
        {
            var other = targets[target];
            report.Add(
                network,
                ".route-target",
                $"{target} is the own target of {other}.",
                "Leave it out: it is allocated. To connect networks, use a network-connection or route-targets.",
                other
            );
        }
    }

    private static void CheckConnection(NetworkConnection connection, ConfigReport report)
    {
        var seen = new HashSet<ConfigKey>();
        for (var i = 0; i < connection.Networks.Count; i++)
        {
            var member = $".networks[{i}]";
            var network = ConfigKey.Resolve(ConfigKind.VirtualNetwork, connection.Project, connection.Networks[i]);
            report.CheckReference(connection, member, network);
            if (!seen.Add(network))
            {
                report.Add(connection, member, $"'{connection.Networks[i]}' stands here twice.", "Name each network once.");
            }
        }

        if (connection.Networks.Count < 2)
        {
            report.Add(connection, ".networks", "A connection has at least two networks.", "Name the networks to connect.");
        }
    }
}
