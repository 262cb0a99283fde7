using System.Buffers.Binary;
using Fabric.Analytics;
using Fabric.Streaming.Journal;

namespace Fabric.Streaming;

/// <summary>
/// The stream's folder: a folder for each topic's segments and acknowledged position, "epoch" (u64, little-endian) and "lock", which the process that uses
/// it holds.
/// </summary>
internal sealed class StreamFolder : IDisposable
{
    private readonly StreamOptions _options;
    private readonly FileStream _lock;

    /// <exception cref="IOException">The folder cannot be used, or another process has it.</exception>
    public StreamFolder(StreamOptions options)
    {
        _options = options;
        Directory.CreateDirectory(options.Folder);
        _lock = new FileStream(Path.Combine(options.Folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>Begins a run: its epoch is above that of any run before, whatever became of the clock.</summary>
    public ulong BeginEpoch(long now)
    {
        var path = Path.Combine(_options.Folder, "epoch");
        var before =
            File.Exists(path) && File.ReadAllBytes(path) is { Length: sizeof(ulong) } file
                ? BinaryPrimitives.ReadUInt64LittleEndian(file)
                : 0;
        var epoch = Math.Max((ulong)now, before + 1);
        Span<byte> octets = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(octets, epoch);
        File.WriteAllBytes(path, octets);
        return epoch;
    }

    public TopicLane Open(Topic topic, long now)
    {
        var folder = Path.Combine(_options.Folder, topic.ShortName);
        var journal = TopicJournal.Open(folder, _options.LimitsOf(topic), now, _options.ForceToDisk);
        var acknowledged = _options.Kafka is null ? null : new AcknowledgedPosition(Path.Combine(folder, "acknowledged"));
        // The machine crashed and the disk lost rows that the broker has: their sequences are not given again.
        if (acknowledged?.Sequence >= journal.NextSequence)
        {
            journal.Skip(acknowledged.Sequence - journal.LastSequence);
        }

        return new TopicLane(topic, journal, acknowledged);
    }

    public void Dispose() => _lock.Dispose();
}
