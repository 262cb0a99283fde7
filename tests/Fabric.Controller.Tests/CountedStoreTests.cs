using Fabric.Config;
using Fabric.Config.Stores;
using Fabric.Controller.Configuration;
using Fabric.Model.Config;

namespace Fabric.Controller.Tests;

public sealed class CountedStoreTests
{
    [Test]
    public void What_the_store_fails_at_is_counted_and_nothing_else()
    {
        var memory = new FullStore();
        var store = new CountedStore(memory);
        store.Load();

        Assert.That(() => store.TryCommit(new ConfigCommit(new ConfigDelta(1, []), [])), Throws.TypeOf<ConfigStoreException>());
        Assert.That(store.ReadChanges(0, 1), Is.Empty);
        Assert.That(store.Failures, Is.EqualTo(1));
    }

    private sealed class FullStore : IConfigStore
    {
        private readonly MemoryConfigStore _store = new();

        public StoredConfig Load() => _store.Load();

        public bool TryCommit(ConfigCommit commit) => throw new ConfigStoreException("The disk is full.");

        public IReadOnlyList<ConfigDelta>? ReadChanges(long afterRevision, int enough) => _store.ReadChanges(afterRevision, enough);
    }
}
