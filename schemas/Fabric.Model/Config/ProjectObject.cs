using System.Text.Json.Serialization;

namespace Fabric.Model.Config;

/// <summary>An object that belongs to a project (tenant); its name is unique in the project and its kind.</summary>
public abstract record ProjectObject(string Name, string Project) : ConfigObject(Name)
{
    private const string Domain = "default-domain";

    [JsonIgnore]
    public sealed override string Owner => Project;

    /// <summary>The fully qualified name by which agents and route tables know the object: "default-domain:project:name".</summary>
    public static string QualifiedName(string project, string name) => $"{Domain}:{project}:{name}";
}
