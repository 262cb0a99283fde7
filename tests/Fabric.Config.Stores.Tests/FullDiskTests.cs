using System.Diagnostics;
using Fabric.Model.Config;

namespace Fabric.Config.Stores.Tests;

/// <summary>A disk that takes nothing more: a file system in memory, which is full. Needs root.</summary>
[TestFixture]
[Category("Privileged")]
public sealed class FullDiskTests
{
    private string _folder = null!;

    private string Filler => Path.Combine(_folder, "filler");

    [SetUp]
    public void Mount()
    {
        _folder = Directory.CreateTempSubdirectory("fabric-store").FullName;
        Run("mount", "-t", "tmpfs", "-o", "size=1m", "fabric-test", _folder);
    }

    [TearDown]
    public void Unmount()
    {
        Run("umount", _folder);
        Directory.Delete(_folder);
    }

    [Test]
    public void What_finds_no_room_is_refused_in_words_and_what_comes_when_there_is_room_is_taken()
    {
        using var store = new SqliteConfigStore(Path.Combine(_folder, "config.db"));
        store.TryCommit(Commit(1, "before"));
        Fill();
        for (var attempt = 0; attempt < 2; attempt++)
        {
            Assert.That(() => store.TryCommit(Commit(2, "lost")), Throws.TypeOf<ConfigStoreException>().With.Message.Contains("full"));
            Assert.That(store.Load().Revision, Is.EqualTo(1));
        }

        File.Delete(Filler);

        Assert.That(store.TryCommit(Commit(2, "after")), Is.True);
        Assert.That(store.Load().Objects.Select(item => item.Value.Name), Is.EquivalentTo(new[] { "before", "after" }));
        Assert.That(store.ReadChanges(1, 10), Has.Count.EqualTo(1));
    }

    private static ConfigCommit Commit(long revision, string name) =>
        new(new ConfigDelta(revision, [ConfigChange.Put(new VirtualNetwork(name, Id: (uint)revision))]), []);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"{program} {string.Join(' ', arguments)}");
    }

    private void Fill()
    {
        using var filler = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var page = new byte[4096];
        try
        {
            while (true)
            {
                filler.Write(page);
            }
        }
        catch (IOException)
        {
            // It is full.
        }
    }
}
