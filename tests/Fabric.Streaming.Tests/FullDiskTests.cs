using System.Diagnostics;
using Fabric.Analytics;
using Fabric.Streaming.Journal;
using Fabric.Testing;

namespace Fabric.Streaming.Tests;

/// <summary>A disk that takes nothing more: a file system in memory, which is full. Needs root.</summary>
[TestFixture]
[Category("Privileged")]
public sealed class FullDiskTests
{
    private const int Patience = 60_000;

    private readonly ListLogger<EventStream> _log = new();
    private TemporaryFolder _folder = null!;

    private string Filler => Path.Combine(_folder.Path, "filler");

    [SetUp]
    public void Mount()
    {
        _log.Clear();
        _folder = new TemporaryFolder();
        Run("mount", "-t", "tmpfs", "-o", "size=4m", "fabric-test", _folder.Path);
    }

    [TearDown]
    public void Unmount()
    {
        Run("umount", _folder.Path);
        _folder.Dispose();
    }

    [Test]
    public void Rows_are_dropped_and_counted_while_the_disk_is_full_and_leave_a_gap_when_it_is_not()
    {
        using var stream = Start();
        Publish(stream, "before");
        Assert.That(() => Sequences(stream), Is.EqualTo(new ulong[] { 1 }).After(Patience, 10));
        Fill();
        Assert.That(() => Drop(stream), Is.GreaterThan(0).After(Patience, 10));
        Assert.That(
            () => _log.Lines.Select(line => line.Line),
            Has.One.Contains("cannot be written to the journal and are dropped").After(Patience, 10)
        );

        File.Delete(Filler);
        Publish(stream, "after");
        Assert.That(() => NewestName(stream), Does.Contain("after").After(Patience, 10));

        var dropped = (ulong)stream.Statistics()[Topic.Alarms.Index].Dropped;
        var published = stream.Statistics()[Topic.Alarms.Index];
        Assert.That(
            published.LastSequence,
            Is.EqualTo((ulong)published.Published + dropped),
            "each row that was dropped is a number left out"
        );
    }

    [Test]
    public void A_program_starts_on_a_disk_that_became_full_in_its_last_run()
    {
        using (var stream = Start())
        {
            Publish(stream, "before");
            Assert.That(() => Sequences(stream), Is.EqualTo(new ulong[] { 1 }).After(Patience, 10));
            Fill();
            Assert.That(() => Drop(stream), Is.GreaterThan(0).After(Patience, 10));
        }

        File.Delete(Filler);
        using var next = Start();
        Publish(next, "after");
        Assert.That(() => NewestName(next), Does.Contain("after").After(Patience, 10));
        Assert.That(Sequences(next)[0], Is.EqualTo(1));
    }

    [Test]
    public void A_disk_that_is_full_when_a_file_is_to_be_begun_keeps_no_empty_ones()
    {
        var folder = Path.Combine(_folder.Path, "journal");
        var limits = new JournalLimits(JournalLimits.MinBytes, TimeSpan.FromSeconds(80), IsSynchronous: false);
        using var journal = TopicJournal.Open(folder, limits, now: 0);
        journal.Append(0, [], [1], RecordFlags.None);
        journal.Flush();
        Fill();
        for (var row = 0; row < 3; row++)
        {
            Assert.That(() => journal.Append(limits.SegmentAge + 1, [], [2], RecordFlags.None), Throws.InstanceOf<IOException>());
            journal.Skip(1);
        }

        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(1));
    }

    private static void Publish(EventStream stream, string name) =>
        Assert.That(stream.TryPublish(new Alarm { Name = name, Text = new string('x', 1000) }), Is.True);

    private static long Drop(EventStream stream)
    {
        Publish(stream, "lost");
        return stream.Statistics()[Topic.Alarms.Index].Dropped;
    }

    private static ulong[] Sequences(EventStream stream) => [.. Read(stream).Select(row => row.Sequence)];

    private static string NewestName(EventStream stream) => Read(stream).Select(row => row.Text).LastOrDefault() ?? "";

    private static List<(ulong Sequence, string Text)> Read(EventStream stream)
    {
        using var reader = stream.Read(Topic.Alarms, 1);
        var rows = new List<(ulong, string)>();
        while (reader.TryRead(out var row))
        {
            rows.Add((row.Sequence, System.Text.Encoding.UTF8.GetString(row.Payload)));
        }

        return rows;
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"{program} {string.Join(' ', arguments)}");
    }

    private EventStream Start() =>
        EventStream.Start(
            new StreamOptions
            {
                Node = "host1",
                Kind = SourceKind.HostAgent,
                Folder = Path.Combine(_folder.Path, "stream"),
            },
            TimeProvider.System,
            _log
        );

    // Down to the last page: what is written behind it finds no room.
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
