namespace Fabric.Controller.Options;

/// <summary>In which VRFs an agent may be.</summary>
public enum AgentVrfs
{
    /// <summary>Those in which its host has a port by the configuration objects.</summary>
    Ports,

    /// <summary>Any that it asks for: every host is trusted with the routes of every tenant.</summary>
    Any,
}
