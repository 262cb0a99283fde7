using Fabric.Primitives;

namespace Fabric.Model.Config;

/// <summary>An object's new value, or none where it was deleted.</summary>
public sealed record ConfigChange(ConfigKey Key, ConfigObject? Value)
{
    public static ConfigChange Put(ConfigObject value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new ConfigChange(value.Key, value);
    }

    public static ConfigChange Delete(ConfigKey key) => new(key, null);
}

/// <summary>What one transaction changed; the revision counts transactions.</summary>
public sealed record ConfigDelta(long Revision, EquatableArray<ConfigChange> Changes);
