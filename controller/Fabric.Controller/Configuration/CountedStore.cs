using Fabric.Config;
using Fabric.Config.Stores;
using Fabric.Model.Config;

namespace Fabric.Controller.Configuration;

/// <summary>Counts what a store fails at, for those who watch the node. Owned by the config loop.</summary>
internal sealed class CountedStore(IConfigStore store) : IConfigStore
{
    public long Failures { get; private set; }

    public StoredConfig Load() => Count(store.Load);

    public bool TryCommit(ConfigCommit commit) => Count(() => store.TryCommit(commit));

    public IReadOnlyList<ConfigDelta>? ReadChanges(long afterRevision, int enough) => Count(() => store.ReadChanges(afterRevision, enough));

    private T Count<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ConfigStoreException)
        {
            Failures++;
            throw;
        }
    }
}
