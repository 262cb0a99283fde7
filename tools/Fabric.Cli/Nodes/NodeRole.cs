namespace Fabric.Cli.Nodes;

/// <summary>The three programs, told by the socket that each serves.</summary>
public enum NodeRole
{
    Control,
    Agent,
    Datapath,
}

public static class NodeRoles
{
    public static string SocketName(this NodeRole role) =>
        role switch
        {
            NodeRole.Control => "api.sock",
            NodeRole.Agent => "port.sock",
            _ => "dp-api.sock",
        };

    public static string Program(this NodeRole role) =>
        role switch
        {
            NodeRole.Control => "fabric-control",
            NodeRole.Agent => "fabric-agent",
            _ => "fabric-dp",
        };
}
