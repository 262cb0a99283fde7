using Fabric.Lab.Definition;

namespace Fabric.Lab.Nodes;

/// <summary>The configuration files of Fabric's own programs.</summary>
internal static class DaemonConfig
{
    public static string Control(LabDefinition lab, LabPaths paths, LabNode node, string kafka) =>
        $"""
            node: {node.Name}
            router-id: {node.Address}
            as: {lab.AutonomousSystem}
            listen: {node.Address}
            bgp-port: 179
            xmpp-port: 5269
            api: 127.0.0.1:8080
            graceful-restart-time: 120
            {Stream(kafka)}
            {Common(paths, node)}
            """;

    public static string Agent(LabDefinition lab, LabPaths paths, LabNode node, string kafka) =>
        $"""
            node: {node.Name}
            address: {node.Address}
            controllers: [{string.Join(", ", lab.ControlNodes.Select(control => $"{control.Address}:5269"))}]
            port-api: 127.0.0.1:9091
            metrics: 127.0.0.1:9092
            underlay-mtu: {lab.UnderlayMtu}
            {Stream(kafka)}
            {Common(paths, node)}
            """;

    public static string Datapath(LabNode node) =>
        $"""
            node: {node.Name}
            uplink: eth0
            api: 127.0.0.1:9093
            run-dir: {LabPaths.Sockets(node.Name)}

            """;

    private static string Stream(string kafka) =>
        $"""
            stream:
              kafka:
                servers: [{kafka}]
            """;

    private static string Common(LabPaths paths, LabNode node) =>
        $"""
            run-dir: {LabPaths.Sockets(node.Name)}
            state-dir: {paths.StateOf(node.Name)}
            tls:
              certificate: {paths.Certificate(node)}
              key: {paths.Key(node)}
              authority: {paths.Authority}

            """;
}
