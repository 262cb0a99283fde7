using Fabric.Primitives;

namespace Fabric.Agent.Core.Ports;

/// <summary>
/// A plugged port: what the orchestrator told of a VM interface on this host. It works once the configuration of the same
/// id has come too. The id is a UUID in its 8-4-4-4-12 form, lower case; the device is the host end, a tap or a veth; a VLAN
/// id of -1 means none; enabled is the administrator's link state.
/// </summary>
public sealed record Port(
    string Id,
    string Device,
    MacAddress? MacAddress,
    IpAddress? Address,
    string? InstanceId,
    string? DisplayName,
    string? NetworkId,
    string? ProjectId,
    int Type,
    int RxVlanId,
    int TxVlanId,
    bool Enabled
);
