using System.Buffers.Binary;

namespace Fabric.FlowExport.Tests.Ipfix;

/// <summary>Reads messages by their templates (RFC 7011 section 3) and adds up counts, those of the way back included (RFC 5103 section 6.1), as collectors do.</summary>
internal sealed class IpfixReader
{
    private const int Octet = 1;
    private const int Packet = 2;
    private const int Enterprise = 0x8000;

    private readonly Dictionary<int, List<(int Element, int Length)>> _templates = [];

    /// <summary>Data records.</summary>
    public int Records { get; private set; }

    public ulong Packets { get; private set; }

    public ulong Octets { get; private set; }

    public void Read(ReadOnlySpan<byte> message)
    {
        Assert.That((int)BinaryPrimitives.ReadUInt16BigEndian(message[2..]), Is.EqualTo(message.Length));
        var sets = message[16..];
        while (!sets.IsEmpty)
        {
            var id = BinaryPrimitives.ReadUInt16BigEndian(sets);
            var length = BinaryPrimitives.ReadUInt16BigEndian(sets[2..]);
            var records = sets[4..length];
            while (!records.IsEmpty)
            {
                records = id == 2 ? Template(records) : Record(records, _templates[id]);
            }

            sets = sets[length..];
        }
    }

    private ReadOnlySpan<byte> Template(ReadOnlySpan<byte> record)
    {
        var count = BinaryPrimitives.ReadUInt16BigEndian(record[2..]);
        var fields = _templates[BinaryPrimitives.ReadUInt16BigEndian(record)] = [];
        for (record = record[4..]; fields.Count < count; )
        {
            var element = BinaryPrimitives.ReadUInt16BigEndian(record);
            fields.Add((element, BinaryPrimitives.ReadUInt16BigEndian(record[2..])));
            record = record[((element & Enterprise) == 0 ? 4 : 8)..];
        }

        return record;
    }

    private ReadOnlySpan<byte> Record(ReadOnlySpan<byte> record, List<(int Element, int Length)> fields)
    {
        foreach (var (element, declared) in fields)
        {
            var isText = declared == ushort.MaxValue;
            var length = isText ? record[0] : declared;
            record = isText ? record[1..] : record;
            switch (element & ~Enterprise)
            {
                case Octet:
                    Octets += BinaryPrimitives.ReadUInt64BigEndian(record);
                    break;
                case Packet:
                    Packets += BinaryPrimitives.ReadUInt64BigEndian(record);
                    break;
            }

            record = record[length..];
        }

        Records++;
        return record;
    }
}
