using System.Text.Json.Serialization;
using Fabric.Primitives;

namespace Fabric.Model.Config;

/// <summary>A VM's interface in a network.</summary>
/// <param name="Host">The virtual router to which the port is bound; an unbound port is on no host.</param>
/// <param name="Id">Generated where absent.</param>
/// <param name="Addresses">Allocated from the network's first subnet (by name) that has one free, where absent.</param>
/// <param name="MacAddress">Generated where absent.</param>
/// <param name="SecurityGroups">A port without a group allows all inside its network.</param>
public sealed record Port(
    string Name,
    string Network,
    string Project = ConfigObject.DefaultProject,
    Guid? Id = null,
    string? Host = null,
    EquatableArray<IpAddress> Addresses = default,
    MacAddress? MacAddress = null,
    EquatableArray<string> SecurityGroups = default
) : ProjectObject(Name, Project)
{
    [JsonIgnore]
    public override ConfigKind Kind => ConfigKind.Port;
}
