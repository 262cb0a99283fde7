namespace Fabric.Agent.Core.Ports;

/// <summary>Whether a plugged port works, and what it waits for where it does not.</summary>
public enum PortState
{
    Active,
    Disabled,
    AwaitsConfig,
    AwaitsNetwork,
    DeviceInUse,
    NoFreeIdentifier,
}
