using System.Buffers.Binary;
using Fabric.Streaming.Journal;

namespace Fabric.Streaming;

/// <summary>
/// The sequence up to which the broker has a topic, kept over restarts: twelve octets, u64 sequence and u32 CRC-32C of it, little-endian. What is
/// lost of it is sent again.
/// </summary>
internal sealed class AcknowledgedPosition
{
    private const int SequenceLength = sizeof(ulong);
    private const int FileLength = SequenceLength + sizeof(uint);

    private readonly string _path;
    private ulong _sequence;
    private ulong _saved;

    public AcknowledgedPosition(string path)
    {
        _path = path;
        _sequence = _saved = Read(path);
    }

    public ulong Sequence
    {
        get => Volatile.Read(ref _sequence);
        set => Volatile.Write(ref _sequence, value);
    }

    /// <summary>Replaces the file in one step.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save()
    {
        var sequence = Sequence;
        if (sequence == _saved)
        {
            return;
        }

        Span<byte> file = stackalloc byte[FileLength];
        BinaryPrimitives.WriteUInt64LittleEndian(file, sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(file[SequenceLength..], JournalFormat.Checksum(file[..SequenceLength]));
        var fresh = _path + ".new";
        File.WriteAllBytes(fresh, file);
        File.Move(fresh, _path, overwrite: true);
        _saved = sequence;
    }

    private static ulong Read(string path)
    {
        if (!File.Exists(path))
        {
            return 0;
        }

        ReadOnlySpan<byte> file = File.ReadAllBytes(path);
        var isWhole =
            file.Length == FileLength
            && BinaryPrimitives.ReadUInt32LittleEndian(file[SequenceLength..]) == JournalFormat.Checksum(file[..SequenceLength]);
        return isWhole ? BinaryPrimitives.ReadUInt64LittleEndian(file) : 0;
    }
}
