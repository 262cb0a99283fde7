using System.Text.Json.Serialization;

namespace Fabric.Model.Config;

/// <summary>
/// What an operator configures. Objects are immutable and equal by value, so "has it changed?" is ==. Their JSON and YAML forms
/// have the same kebab-case keys; docs/configuration.md shows each.
/// </summary>
public abstract record ConfigObject(string Name)
{
    public const string DefaultProject = "default-project";

    [JsonIgnore]
    public abstract ConfigKind Kind { get; }

    /// <summary>The project that owns the object; empty for objects of the whole fabric.</summary>
    [JsonIgnore]
    public virtual string Owner => "";

    [JsonIgnore]
    public ConfigKey Key => new(Kind, Owner, Name);
}
