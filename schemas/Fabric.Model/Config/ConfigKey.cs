namespace Fabric.Model.Config;

/// <summary>What identifies an object. Ordered by kind, project and name.</summary>
public readonly record struct ConfigKey(ConfigKind Kind, string Project, string Name) : IComparable<ConfigKey>
{
    /// <summary>
    /// The object that a reference means: "name" in the referrer's own project, "project/name" in another one.
    /// </summary>
    public static ConfigKey Resolve(ConfigKind kind, string ownProject, string reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var slash = reference.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? new ConfigKey(kind, ownProject, reference) : new ConfigKey(kind, reference[..slash], reference[(slash + 1)..]);
    }

    public string QualifiedName => ProjectObject.QualifiedName(Project, Name);

    public int CompareTo(ConfigKey other)
    {
        var byKind = Kind.CompareTo(other.Kind);
        var byProject = byKind != 0 ? byKind : string.CompareOrdinal(Project, other.Project);
        return byProject != 0 ? byProject : string.CompareOrdinal(Name, other.Name);
    }

    public static bool operator <(ConfigKey left, ConfigKey right) => left.CompareTo(right) < 0;

    public static bool operator >(ConfigKey left, ConfigKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(ConfigKey left, ConfigKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ConfigKey left, ConfigKey right) => left.CompareTo(right) >= 0;

    public override string ToString() => Project.Length == 0 ? $"{Kind.Word()} {Name}" : $"{Kind.Word()} {Project}/{Name}";
}
