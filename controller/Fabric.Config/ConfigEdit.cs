using Fabric.Model.Config;

namespace Fabric.Config;

/// <summary>One wish of a request: an object's new value, or none to delete it.</summary>
/// <param name="Path">Where it stands in the request; the errors' paths begin with it.</param>
/// <param name="ExpectedRevision">The object's revision that the writer saw; 0 where it must not exist; <see cref="AnyRevision"/> where it must; null where either will do.</param>
public sealed record ConfigEdit(ConfigKey Key, ConfigObject? Value, string Path = "$", long? ExpectedRevision = null)
{
    /// <summary>The object exists, whatever its revision.</summary>
    public const long AnyRevision = -1;

    public static ConfigEdit Put(ConfigObject value, string path = "$", long? expectedRevision = null)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new ConfigEdit(value.Key, value, path, expectedRevision);
    }

    public static ConfigEdit Delete(ConfigKey key, string path = "$", long? expectedRevision = null) =>
        new(key, null, path, expectedRevision);
}
