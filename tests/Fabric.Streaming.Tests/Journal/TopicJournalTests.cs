using System.Text;
using Fabric.Streaming.Journal;

namespace Fabric.Streaming.Tests.Journal;

[TestFixture]
public sealed class TopicJournalTests
{
    private const long Second = 1_000_000;
    private static readonly JournalLimits Limits = new(JournalLimits.MinBytes, TimeSpan.FromSeconds(80), IsSynchronous: false);

    private TemporaryFolder _folder = null!;
    private TopicJournal _journal = null!;

    [SetUp]
    public void Open()
    {
        _folder = new TemporaryFolder();
        _journal = TopicJournal.Open(_folder.Path, Limits, now: 0);
    }

    [TearDown]
    public void Close()
    {
        _journal.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Rows_are_read_back_in_order_with_their_sequences()
    {
        Append("a", "b", "c");
        _journal.Flush();
        Assert.That(Read(from: 1), Is.EqualTo(new[] { "1 a", "2 b", "3 c" }));
        Assert.That(Read(from: 3), Is.EqualTo(new[] { "3 c" }));
    }

    [Test]
    public void A_row_is_not_readable_before_it_is_flushed()
    {
        Append("a");
        Assert.That((Read(from: 1), _journal.LastSequence), Is.EqualTo((Array.Empty<string>(), 0UL)));
    }

    [Test]
    public async Task A_reader_follows()
    {
        using var reader = new JournalReader(_journal, 1);
        var flushed = _journal.WhenFlushed(reader.Position);
        Assert.That((reader.TryRead(out _), flushed.IsCompleted), Is.EqualTo((false, false)));
        Append("a");
        _journal.Flush();
        await flushed;
        Assert.That((reader.TryRead(out var row), row.Sequence), Is.EqualTo((true, 1UL)));
    }

    [Test]
    public void A_sequence_that_is_left_out_stays_out()
    {
        Append("a");
        _journal.Skip(5);
        Append("b");
        _journal.Flush();
        Assert.That(Read(from: 1), Is.EqualTo(new[] { "1 a", "7 b" }));
    }

    [Test]
    public void A_row_that_is_too_large_is_refused_and_leaves_a_gap()
    {
        Assert.That(_journal.Append(0, [], new byte[JournalFormat.MaxFrameLength], RecordFlags.None), Is.False);
        Append("a");
        _journal.Flush();
        Assert.That(Read(from: 1), Is.EqualTo(new[] { "2 a" }));
    }

    [Test]
    public void A_sequence_that_is_left_out_at_the_end_wakes_nobody()
    {
        Append("a");
        _journal.Skip(5);
        _journal.Flush();
        Assert.That((_journal.LastSequence, _journal.WhenFlushed(2).IsCompleted), Is.EqualTo((1UL, false)));
    }

    [Test]
    public void Sequences_go_on_in_the_next_run()
    {
        Append("a", "b");
        _journal.Flush();
        Reopen();
        Append("c");
        _journal.Flush();
        Assert.That(Read(from: 1), Is.EqualTo(new[] { "1 a", "2 b", "3 c" }));
    }

    [Test]
    public void A_torn_end_is_cut_off_wherever_the_crash_came()
    {
        Append("a", "b");
        _journal.Flush();
        _journal.Dispose();
        var path = Directory.GetFiles(_folder.Path).Single();
        var whole = File.ReadAllBytes(path);
        var row = JournalFormat.FrameLength(0, 1);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            _journal = TopicJournal.Open(_folder.Path, Limits, now: 0);
            var rows = Math.Max(0, (length - JournalFormat.SegmentHeaderLength) / row);
            Assert.That(Read(from: 1), Is.EqualTo(new[] { "1 a", "2 b" }.Take(rows)), $"{length}");
            Assert.That(_journal.NextSequence, Is.EqualTo((ulong)rows + 1), $"{length}");
            Assert.That(
                _journal.TornBytes,
                Is.EqualTo(length < JournalFormat.SegmentHeaderLength ? length : (length - 24) % row),
                $"{length}"
            );
            Append("z");
            _journal.Flush();
            Assert.That(Read(from: (ulong)rows + 1), Is.EqualTo(new[] { $"{rows + 1} z" }), $"{length}");
            _journal.Dispose();
        }
    }

    [Test]
    public void Rows_of_a_batch_that_failed_half_way_do_not_come_back_behind_a_later_row()
    {
        Append("a", "b", "c");
        _journal.Flush();
        var path = Directory.GetFiles(_folder.Path).Single();
        var rest = File.ReadAllBytes(path)[^JournalFormat.FrameLength(0, 1)..];
        RestartWithLength(path, JournalFormat.SegmentHeaderLength + JournalFormat.FrameLength(0, 1));
        // The disk took b and c and no more; both were given up, and what came next was written over b.
        _journal.Skip(2);
        Append("d");
        _journal.Flush();
        _journal.Dispose();
        File.AppendAllBytes(path, rest);

        _journal = TopicJournal.Open(_folder.Path, Limits, now: 0);
        Append("e");
        _journal.Flush();

        Assert.That(Read(from: 1), Is.EqualTo(new[] { "1 a", "4 d", "5 e" }));
    }

    [Test]
    public void The_oldest_rows_go_when_there_are_too_many_and_are_counted()
    {
        AppendMegabytes(20);
        var unsent = _journal.Expire(now: 0, acknowledged: 3);
        Assert.That(_journal.Bytes, Is.LessThanOrEqualTo(Limits.MaxBytes));
        Assert.That(_journal.OldestSequence, Is.EqualTo((ulong)_journal.Expired + 1));
        Assert.That(unsent, Is.EqualTo(_journal.Expired - 3));
    }

    [Test]
    public void Old_rows_go_even_if_none_follow()
    {
        Append("a");
        _journal.Flush();
        Assert.That(_journal.Expire(now: 79 * Second, acknowledged: 1), Is.Zero);
        Assert.That(_journal.Expired, Is.Zero);
        _journal.Expire(now: 160 * Second, acknowledged: 1);
        Assert.That((_journal.Expired, Read(from: 1)), Is.EqualTo((1L, Array.Empty<string>())));
        Reopen();
        Assert.That(_journal.NextSequence, Is.EqualTo(2));
    }

    /// <summary>A machine without a battery may begin in any year, and be told the right one later.</summary>
    [Test]
    public void A_clock_that_is_set_ahead_takes_nothing_that_the_broker_has_not_got()
    {
        Append("a");
        Append("b");
        _journal.Flush();
        _journal.Expire(now: 100_000 * Second, acknowledged: 1);
        _journal.Expire(now: 200_000 * Second, acknowledged: 1);
        Assert.That((_journal.Expired, Read(from: 1)), Is.EqualTo((0L, new[] { "1 a", "2 b" })));

        _journal.Expire(now: 200_000 * Second, acknowledged: 2);
        Assert.That(_journal.Expired, Is.EqualTo(2));
    }

    [Test]
    public void A_reader_of_what_is_gone_starts_at_the_oldest_and_knows_how_much_it_missed()
    {
        AppendMegabytes(20);
        _journal.Expire(now: 0, acknowledged: 0);
        using var reader = new JournalReader(_journal, 1);
        Assert.That(reader.TryRead(out var row), Is.True);
        Assert.That((row.Sequence, reader.Missed), Is.EqualTo((_journal.OldestSequence, _journal.OldestSequence - 1)));
    }

    [Test]
    public void A_segment_that_is_deleted_is_read_to_its_end_by_who_reads_it()
    {
        AppendMegabytes(2);
        using var reader = new JournalReader(_journal, 1);
        reader.TryRead(out _);
        AppendMegabytes(20);
        _journal.Expire(now: 0, acknowledged: 0);
        Assert.That((reader.TryRead(out var row), row.Sequence, reader.Missed), Is.EqualTo((true, 2UL, 0UL)));
        var read = 2;
        while (reader.TryRead(out _))
        {
            read++;
        }

        Assert.That((ulong)read + reader.Missed, Is.EqualTo(_journal.LastSequence), "what was deleted in between is missed");
        Assert.That(reader.Missed, Is.GreaterThan(0));
    }

    [Test]
    public void A_fault_of_the_disk_costs_the_rest_of_one_segment()
    {
        AppendMegabytes(4);
        var second = Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal).ElementAt(1);
        using (var file = File.OpenWrite(second))
        {
            file.Position = JournalFormat.SegmentHeaderLength + 40;
            file.WriteByte(0xFF);
        }

        var sequences = Read(from: 1).Select(row => ulong.Parse(row.Split(' ')[0])).ToList();
        var third = _journal.Segments[2].FirstSequence;
        Assert.That(
            sequences,
            Is.EqualTo(Sequences(1, _journal.Segments[1].FirstSequence).Concat(Sequences(third, _journal.NextSequence)))
        );
    }

    [Test]
    public void A_failed_batch_is_given_up_as_a_gap()
    {
        Append("a", "b");
        Assert.That(_journal.Discard(), Is.EqualTo(2));
        Append("c");
        _journal.Flush();
        Assert.That(Read(from: 1), Is.EqualTo(new[] { "3 c" }));
    }

    [Test]
    public void Appending_allocates_nothing()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            _journal.Append(0, "host1"u8, "payload"u8, RecordFlags.None);
        }

        _journal.Flush();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static IEnumerable<ulong> Sequences(ulong from, ulong to) =>
        Enumerable.Range((int)from, (int)(to - from)).Select(number => (ulong)number);

    private void Append(params string[] rows)
    {
        foreach (var row in rows)
        {
            Assert.That(_journal.Append(0, [], Encoding.UTF8.GetBytes(row), RecordFlags.None), Is.True);
        }
    }

    private void AppendMegabytes(int count)
    {
        var payload = new byte[1024 * 128];
        for (var i = 0; i < count * 8; i++)
        {
            _journal.Append(0, [], payload, RecordFlags.None);
        }

        _journal.Flush();
    }

    private string[] Read(ulong from)
    {
        var rows = new List<string>();
        using var reader = new JournalReader(_journal, from);
        while (reader.TryRead(out var row))
        {
            rows.Add($"{row.Sequence} {Encoding.UTF8.GetString(row.Payload[..Math.Min(row.Payload.Length, 8)])}");
        }

        return [.. rows];
    }

    private void RestartWithLength(string path, int length)
    {
        _journal.Dispose();
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..length]);
        _journal = TopicJournal.Open(_folder.Path, Limits, now: 0);
    }

    private void Reopen()
    {
        _journal.Dispose();
        _journal = TopicJournal.Open(_folder.Path, Limits, now: 0);
    }
}
