using System.Text.Json.Serialization;
using Fabric.Primitives;

namespace Fabric.Model.Config;

/// <summary>
/// What ports in the group may receive and send: only what a rule of one of their groups allows, and the replies to it. A group
/// without any egress rule allows all egress.
/// </summary>
/// <param name="Id">Allocated from 8000000; carried by the routes of the group's ports.</param>
public sealed record SecurityGroup(
    string Name,
    string Project = ConfigObject.DefaultProject,
    EquatableArray<SecurityGroupRule> Rules = default,
    uint Id = 0
) : ProjectObject(Name, Project)
{
    [JsonIgnore]
    public override ConfigKind Kind => ConfigKind.SecurityGroup;
}

/// <summary>A rule that allows.</summary>
/// <param name="Direction">"ingress" or "egress", seen from the VM.</param>
/// <param name="Name">Unique in its group; "rule-N" where absent. It is shown with every packet that the group drops or allows.</param>
/// <param name="Protocol">"tcp", "udp", "icmp", "any" or a number from 1 to 255.</param>
/// <param name="Ports">Destination ports (ICMP: types), "80" or "80-90"; any where absent.</param>
/// <param name="RemotePrefix">The remote end; with neither this nor a group, anyone.</param>
/// <param name="RemoteGroup">The remote end is a port of that group.</param>
public sealed record SecurityGroupRule(
    string Direction,
    string? Name = null,
    string Protocol = "any",
    string? Ports = null,
    IpPrefix? RemotePrefix = null,
    string? RemoteGroup = null
);
