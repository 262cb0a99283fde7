using Fabric.Agent.Core.Ports;

namespace Fabric.Agent.State;

/// <summary>A port as the port API and its file have it: one JSON object with the keys that orchestrators' plugins write.</summary>
public sealed record PortDocument
{
    // IFNAMSIZ less the terminating zero.
    private const int MaxDeviceName = 15;
    private const int NoVlan = -1;
    private const int LastVlan = 4094;

    /// <summary>UUID of the configured port.</summary>
    public string? Id { get; init; }

    /// <summary>UUID of the VM.</summary>
    public string? InstanceId { get; init; }

    public string? DisplayName { get; init; }

    public string? IpAddress { get; init; }

    public string? VnId { get; init; }

    public string? VmProjectId { get; init; }

    public string? MacAddress { get; init; }

    /// <summary>The host end's device.</summary>
    public string? SystemName { get; init; }

    /// <summary>0 or absent: a VM's interface, 1: a namespace's.</summary>
    public int? Type { get; init; }

    /// <summary>-1 or absent: none.</summary>
    public int? RxVlanId { get; init; }

    /// <summary>-1 or absent: none.</summary>
    public int? TxVlanId { get; init; }

    /// <summary>Absent on a plug means up.</summary>
    public bool? LinkState { get; init; }

    public static PortDocument Of(Port port) =>
        new()
        {
            Id = port.Id,
            InstanceId = port.InstanceId,
            DisplayName = port.DisplayName,
            IpAddress = port.Address?.ToString(),
            VnId = port.NetworkId,
            VmProjectId = port.ProjectId,
            MacAddress = port.MacAddress?.ToString(),
            SystemName = port.Device,
            Type = port.Type,
            RxVlanId = port.RxVlanId,
            TxVlanId = port.TxVlanId,
            LinkState = port.Enabled,
        };

    /// <summary>The port, or null and what is wrong with each key.</summary>
    public Port? ToPort(ICollection<string> faults)
    {
        var before = faults.Count;
        if (!Guid.TryParse(Id, out var id))
        {
            faults.Add($"id: '{Id}' is not a UUID");
        }

        if (!IsDeviceName(SystemName))
        {
            faults.Add($"system-name: '{SystemName}' is not the name of a network device, 1 to {MaxDeviceName} characters");
        }

        var hasMac = Primitives.MacAddress.TryParse(MacAddress, out var mac);
        if (!hasMac && !string.IsNullOrEmpty(MacAddress))
        {
            faults.Add($"mac-address: '{MacAddress}' is not six hexadecimal bytes, as 02:00:00:00:00:0a");
        }

        var hasAddress = Primitives.IpAddress.TryParse(IpAddress, out var address);
        if (!hasAddress && !string.IsNullOrEmpty(IpAddress))
        {
            faults.Add($"ip-address: '{IpAddress}' is not an IP address");
        }

        CheckVlan("rx-vlan-id", RxVlanId, faults);
        CheckVlan("tx-vlan-id", TxVlanId, faults);
        return faults.Count > before
            ? null
            : new Port(
                id.ToString("D"),
                SystemName!,
                hasMac ? mac : null,
                hasAddress ? address : null,
                InstanceId,
                DisplayName,
                VnId,
                VmProjectId,
                Type ?? 0,
                RxVlanId ?? NoVlan,
                TxVlanId ?? NoVlan,
                LinkState ?? true
            );
    }

    private static bool IsDeviceName(string? name) =>
        name is { Length: > 0 and <= MaxDeviceName } and not ("." or "..")
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '@');

    private static void CheckVlan(string key, int? vlan, ICollection<string> faults)
    {
        if (vlan is < NoVlan or > LastVlan)
        {
            faults.Add($"{key}: {vlan} is not a VLAN id from 0 to {LastVlan}, nor {NoVlan} for none");
        }
    }
}
