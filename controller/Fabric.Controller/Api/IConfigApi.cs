using Fabric.Config;
using Fabric.Model.Config;

namespace Fabric.Controller.Api;

/// <summary>What HTTP requests ask of the configuration; callers are on any thread.</summary>
public interface IConfigApi
{
    /// <param name="caller">Who asks, for the audit.</param>
    Task<ApplyResult> ApplyAsync(IReadOnlyList<ConfigEdit> edits, bool dryRun, string caller);

    /// <summary>The objects of a kind in the order of project and name, with the revision of the whole at which they were read.</summary>
    Task<ConfigListing> ListAsync(ConfigKind kind);

    Task<StoredObject?> FindAsync(ConfigKey key);

    /// <summary>Transactions after a revision; null where they are no longer kept and the reader must list anew.</summary>
    Task<IReadOnlyList<ConfigDelta>?> ReadChangesAsync(long afterRevision, int enough);

    /// <summary>Ends when there is a transaction after this revision.</summary>
    Task WaitForChangeAsync(long afterRevision, CancellationToken cancellation);
}

public sealed record ConfigListing(long Revision, IReadOnlyList<StoredObject> Objects);
