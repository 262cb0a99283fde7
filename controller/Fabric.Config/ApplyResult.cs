using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Config;

public enum ApplyOutcome
{
    /// <summary>The transaction is durable (for a dry run: would be taken). A request that changes nothing takes no revision.</summary>
    Applied,

    /// <summary>The request is wrong; nothing changed.</summary>
    Invalid,

    /// <summary>An object is not at the revision that the writer expected; nothing changed.</summary>
    Stale,

    /// <summary>What a request deletes is not there; nothing changed.</summary>
    NotFound,

    /// <summary>It is at odds with what is configured elsewhere; nothing changed.</summary>
    Conflict,

    /// <summary>The store did not take it; nothing changed.</summary>
    Failed,
}

/// <summary>An object before and after; neither is there where it was created or deleted.</summary>
public sealed record ConfigDiff(ConfigKey Key, ConfigObject? Before, ConfigObject? After);

/// <param name="Delta">What changed, with allocated values filled in; of the revision that stands, without changes, where nothing did.</param>
public sealed record ApplyResult(
    ApplyOutcome Outcome,
    ConfigDelta Delta,
    EquatableArray<ConfigDiff> Diff,
    EquatableArray<ConfigError> Errors
)
{
    /// <summary>What the edits put, as it stands after them and before any later ones, in their order.</summary>
    public EquatableArray<StoredObject> Put { get; init; } = [];

    /// <param name="revision">That stands.</param>
    public static ApplyResult Refused(ApplyOutcome outcome, long revision, IEnumerable<ConfigError> errors) =>
        new(outcome, new ConfigDelta(revision, []), [], errors.ToEquatableArray());
}
