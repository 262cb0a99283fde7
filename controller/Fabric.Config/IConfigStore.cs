using Fabric.Model.Config;

namespace Fabric.Config;

/// <summary>
/// Where configuration is kept. A store knows nothing of what objects mean: it keeps whole transactions, in order, each with the
/// next revision, and never a part of one. Owned by the config loop; the calls may wait for a disk. One that fails throws, keeps nothing, and leaves
/// the store able to take the next.
/// </summary>
public interface IConfigStore
{
    StoredConfig Load();

    /// <summary>
    /// Makes a transaction durable. Its revision is one above the store's; false (and nothing is kept) where another writer
    /// took that revision first.
    /// </summary>
    bool TryCommit(ConfigCommit commit);

    /// <summary>
    /// The transactions after a revision, oldest first, whole ones until they have <paramref name="enough"/> changes; null where the store no longer
    /// holds all of them (or never had that revision), so that the reader must start from <see cref="Load"/>.
    /// </summary>
    IReadOnlyList<ConfigDelta>? ReadChanges(long afterRevision, int enough);
}
