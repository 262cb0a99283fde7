using System.Text.Json.Serialization;
using Fabric.Primitives;

namespace Fabric.Model.Config;

/// <summary>Connects networks: each imports the others' own route targets. "project/name" names a network of another project.</summary>
public sealed record NetworkConnection(string Name, EquatableArray<string> Networks, string Project = ConfigObject.DefaultProject)
    : ProjectObject(Name, Project)
{
    [JsonIgnore]
    public override ConfigKind Kind => ConfigKind.NetworkConnection;
}
