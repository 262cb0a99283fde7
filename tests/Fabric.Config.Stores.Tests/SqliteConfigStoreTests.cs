using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Config.Stores.Tests;

[TestFixture]
public sealed class SqliteConfigStoreTests
{
    private static readonly VirtualNetwork Red = new("red", Id: 1, RouteTarget: RouteTarget.Parse("64512:8000001"));
    private static readonly VirtualNetwork Blue = new("blue", Mtu: 1400, Id: 2, RouteTarget: RouteTarget.Parse("64512:8000002"));

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private string _folder = null!;

    private string FilePath => Path.Combine(_folder, "config.db");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("fabric-store").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_new_file_is_empty_at_revision_0()
    {
        using var store = new SqliteConfigStore(FilePath);

        Assert.That(store.Load(), Is.EqualTo(StoredConfig.Empty));
    }

    [Test]
    public void What_was_committed_is_there_after_a_restart()
    {
        using (var store = new SqliteConfigStore(FilePath))
        {
            Assert.That(store.TryCommit(Commit(1, ConfigChange.Put(Red), ConfigChange.Put(Blue))), Is.True);
            Assert.That(store.TryCommit(Commit(2, ConfigChange.Put(Red with { Mtu = 1300 }), ConfigChange.Delete(Blue.Key))), Is.True);
        }

        using var reopened = new SqliteConfigStore(FilePath);

        Assert.That(
            reopened.Load(),
            Is.EqualTo(
                new StoredConfig(2, [new StoredObject(Red with { Mtu = 1300 }, 2)], [new SequencePosition("network-id", 3)])
                {
                    IsUsed = true,
                }
            )
        );
    }

    [Test]
    public void A_store_that_a_process_before_had_is_used_even_if_nothing_was_committed()
    {
        using (var store = new SqliteConfigStore(FilePath))
        {
            Assert.That(store.Load().IsUsed, Is.False);
        }

        using var reopened = new SqliteConfigStore(FilePath);

        Assert.That(reopened.Load().IsUsed, Is.True);
    }

    [Test]
    public void A_crash_after_a_commit_loses_nothing_and_one_inside_it_leaves_nothing()
    {
        using var store = new SqliteConfigStore(FilePath);
        store.TryCommit(Commit(1, ConfigChange.Put(Red)));
        var afterFirst = CopyAsACrashLeavesIt("first");
        store.TryCommit(Commit(2, ConfigChange.Put(Blue)));
        var afterSecond = CopyAsACrashLeavesIt("second");
        var torn = CopyAsACrashLeavesIt("torn", walBytesLost: 100);

        Assert.That(RevisionOf(afterFirst), Is.EqualTo(1));
        Assert.That(RevisionOf(afterSecond), Is.EqualTo(2));
        Assert.That(RevisionOf(torn), Is.EqualTo(1), "a commit whose last frame never reached the disk never was");
    }

    [Test]
    public void A_revision_that_was_taken_is_refused()
    {
        using var store = new SqliteConfigStore(FilePath);
        using var other = new SqliteConfigStore(FilePath);
        store.TryCommit(Commit(1, ConfigChange.Put(Red)));

        Assert.That(other.TryCommit(Commit(1, ConfigChange.Put(Blue))), Is.False);
        Assert.That(other.Load().Objects.Select(item => item.Value), Is.EqualTo(new[] { Red }));
    }

    [Test]
    public void Changes_are_read_from_any_revision_that_is_there()
    {
        using var store = new SqliteConfigStore(FilePath);
        store.TryCommit(Commit(1, ConfigChange.Put(Red), ConfigChange.Put(Blue)));
        store.TryCommit(Commit(2, ConfigChange.Delete(Blue.Key)));

        Assert.That(store.ReadChanges(0, 1), Is.EqualTo(new[] { new ConfigDelta(1, [ConfigChange.Put(Red), ConfigChange.Put(Blue)]) }));
        Assert.That(store.ReadChanges(1, 10), Is.EqualTo(new[] { new ConfigDelta(2, [ConfigChange.Delete(Blue.Key)]) }));
        Assert.That(store.ReadChanges(2, 10), Is.Empty);
        Assert.That(store.ReadChanges(3, 10), Is.Null);
    }

    /// <summary>Of transactions with ten thousand objects each, a number of them would be gigabytes, read while the config loop does nothing else.</summary>
    [TestCase(1, ExpectedResult = 1)]
    [TestCase(2, ExpectedResult = 1)]
    [TestCase(3, ExpectedResult = 2)]
    [TestCase(10, ExpectedResult = 3)]
    public int Transactions_are_read_whole_and_no_more_than_their_changes_are_enough(int enough)
    {
        using var store = new SqliteConfigStore(FilePath);
        var memory = new MemoryConfigStore();
        foreach (IConfigStore one in (IConfigStore[])[store, memory])
        {
            one.TryCommit(Commit(1, ConfigChange.Put(Red), ConfigChange.Put(Blue)));
            one.TryCommit(Commit(2, ConfigChange.Delete(Blue.Key)));
            one.TryCommit(Commit(3, ConfigChange.Delete(Red.Key)));
        }

        var read = store.ReadChanges(0, enough)!;

        Assert.That(memory.ReadChanges(0, enough), Is.EqualTo(read));
        return read.Count;
    }

    /// <summary>An apply has up to 32 MiB; ten thousand of them would fill any disk.</summary>
    [Test]
    public void The_history_has_no_more_octets_than_it_may_and_who_is_behind_it_lists_anew()
    {
        const int kept = 3;
        var octets = ConfigJson.Format(Red).Length + Red.Key.Kind.Word().Length + Red.Key.Project.Length + Red.Key.Name.Length;
        using (var store = new SqliteConfigStore(FilePath, kept * octets))
        {
            for (var revision = 1; revision <= 5; revision++)
            {
                store.TryCommit(Commit(revision, ConfigChange.Put(Red)));
            }

            Assert.That(store.ReadChanges(5 - kept - 1, 10), Is.Null);
            Assert.That(store.ReadChanges(5 - kept, 10), Has.Count.EqualTo(kept));
        }

        using var reopened = new SqliteConfigStore(FilePath, kept * octets);
        reopened.Load();
        reopened.TryCommit(Commit(6, ConfigChange.Put(Red), ConfigChange.Put(Red with { Name = "pink" })));
        Assert.That(reopened.ReadChanges(3, 10), Is.Null, "what a process before wrote counts as well");
        Assert.That(reopened.ReadChanges(5, 10), Has.Count.EqualTo(1));
    }

    [Test]
    public void The_last_transaction_is_kept_whatever_its_size()
    {
        using var store = new SqliteConfigStore(FilePath, history: 1);
        store.TryCommit(Commit(1, ConfigChange.Put(Red)));
        store.TryCommit(Commit(2, ConfigChange.Put(Blue)));

        Assert.That(store.Load().Revision, Is.EqualTo(2));
        Assert.That(store.ReadChanges(1, 10), Has.Count.EqualTo(1));
        Assert.That(store.ReadChanges(0, 10), Is.Null);
    }

    [Test]
    public void A_damaged_file_is_refused_with_its_name()
    {
        File.WriteAllText(FilePath, string.Concat(Enumerable.Repeat("this is no database ", 500)));

        Assert.That(() => new SqliteConfigStore(FilePath), Throws.TypeOf<ConfigStoreException>().With.Message.Contains(FilePath));
    }

    /// <summary>Passwords of neighbours are in it.</summary>
    [Test]
    public void Its_files_are_the_owners_alone_and_so_are_those_of_a_former_version()
    {
        const UnixFileMode anybody = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        string[] files = [FilePath, FilePath + "-wal", FilePath + "-shm"];
        using var store = new SqliteConfigStore(FilePath);
        store.TryCommit(Commit(1, ConfigChange.Put(Red)));
        Assert.That(files.Select(File.GetUnixFileMode), Is.All.EqualTo(OwnerOnly));

        Array.ForEach(files, file => File.SetUnixFileMode(file, anybody));
        using var next = new SqliteConfigStore(FilePath);
        Assert.That(files.Select(File.GetUnixFileMode), Is.All.EqualTo(OwnerOnly));
    }

    [Test]
    public void A_service_on_it_goes_on_where_the_last_one_stopped()
    {
        using (var store = new SqliteConfigStore(FilePath))
        {
            new ConfigService(store, Guid.NewGuid).Apply([ConfigEdit.Put(new VirtualNetwork("red"))]);
        }

        using var reopened = new SqliteConfigStore(FilePath);
        var result = new ConfigService(reopened, Guid.NewGuid).Apply([ConfigEdit.Put(new VirtualNetwork("blue"))]);

        Assert.That(((VirtualNetwork)result.Diff.Single().After!).Id, Is.EqualTo(2));
    }

    private static ConfigCommit Commit(long revision, params ConfigChange[] changes) =>
        new(new ConfigDelta(revision, [.. changes]), [new SequencePosition("network-id", 3)]);

    /// <summary>A process that is killed leaves the file and its write-ahead log as they are, without the checkpoint of a close.</summary>
    private string CopyAsACrashLeavesIt(string name, int walBytesLost = 0)
    {
        var copy = Path.Combine(_folder, name + ".db");
        File.Copy(FilePath, copy);
        File.Copy(FilePath + "-wal", copy + "-wal");
        using var wal = File.OpenWrite(copy + "-wal");
        wal.SetLength(wal.Length - walBytesLost);
        return copy;
    }

    private static long RevisionOf(string path)
    {
        using var store = new SqliteConfigStore(path);
        return store.Load().Revision;
    }
}
