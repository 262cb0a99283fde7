using System.Buffers.Binary;

namespace Fabric.FlowExport.Ipfix;

/// <summary>
/// Packs flow records into IPFIX messages (RFC 7011 section 3): a header, and sets of records of one template each.
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------------------------------+-------------------------------+
/// |          version, 10          |            length             |
/// +-------------------------------+-------------------------------+
/// |                 export time, seconds since 1970               |
/// |       sequence: data records before those of this message     |
/// |                     observation domain id                     |
/// +-------------------------------+-------------------------------+
/// |   set id: 2, or a template's  |      length of the set        |
/// +-------------------------------+-------------------------------+
/// |                            records                            |
/// </code>
/// Templates go before the first record, and again at intervals, since a collector may have missed them or begin later (section 8.4).
/// </summary>
internal sealed class IpfixExporter(IpfixOptions options, DatagramSink send) : IFlowExporter
{
    /// <summary>What any IPv6 link takes (RFC 8200 section 5), less its headers; all templates fit into it.</summary>
    public const int MinDatagram = 1232;

    private const ushort Version = 10;
    private const ushort TemplateSet = 2;
    private const int HeaderLength = 16;
    private const int SetHeaderLength = 4;
    private const long MicrosecondsPerSecond = 1_000_000;

    private readonly byte[] _message = new byte[options.MaxDatagram];
    private readonly byte[] _record = new byte[IpfixRecord.MaxLength];
    private readonly long _refresh = (long)options.TemplateRefresh.TotalMicroseconds;
    private readonly IReadOnlyList<IpfixTemplate> _templates = options.IsBiflow ? IpfixTemplate.Biflows : IpfixTemplate.Uniflows;
    private IpfixTemplate? _open;
    private int _set;
    private int _length = HeaderLength;
    private uint _records;
    private uint _sequence;
    private long? _templatesSent;

    public void Add(in Biflow flow, long now)
    {
        SendTemplatesOnce(now);
        var forward = flow.Forward;
        var reverse = flow.Reverse;
        if (options.IsBiflow || forward.Packets > 0)
        {
            Add(forward, reverse, now);
        }

        if (!options.IsBiflow && reverse.Packets > 0)
        {
            Add(reverse, forward, now);
        }
    }

    public void Flush(long now)
    {
        if (_records == 0)
        {
            return;
        }

        Send(now);
        _sequence += _records;
        _records = 0;
    }

    public void Maintain(long now)
    {
        if (_templatesSent is not { } sent || now - sent >= _refresh)
        {
            Flush(now);
            SendTemplates(now);
        }
    }

    public void Shift(long step) => _templatesSent += step;

    private void Add(in Uniflow flow, in Uniflow reverse, long now)
    {
        var template = IpfixTemplate.Of(_templates, flow);
        var length = IpfixRecord.Write(_record, template, flow, reverse);
        if (_length + SetHeaderLength + length > options.MaxDatagram)
        {
            Flush(now);
        }

        if (template != _open)
        {
            Open(template.Id);
            _open = template;
        }

        _record.AsSpan(0, length).CopyTo(_message.AsSpan(_length));
        _length += length;
        _records++;
    }

    private void SendTemplatesOnce(long now)
    {
        if (_templatesSent is null)
        {
            SendTemplates(now);
        }
    }

    private void SendTemplates(long now)
    {
        Open(TemplateSet);
        var writer = new OctetWriter(_message.AsSpan(_length));
        foreach (var template in _templates)
        {
            template.Write(ref writer);
        }

        _length += writer.Length;
        Send(now);
        _templatesSent = now;
    }

    private void Open(ushort id)
    {
        Close();
        _set = _length;
        BinaryPrimitives.WriteUInt16BigEndian(_message.AsSpan(_set), id);
        _length += SetHeaderLength;
    }

    private void Close()
    {
        if (_set > 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_message.AsSpan(_set + sizeof(ushort)), (ushort)(_length - _set));
        }
    }

    private void Send(long now)
    {
        Close();
        var header = new OctetWriter(_message);
        header.UInt16(Version);
        header.UInt16((ushort)_length);
        header.UInt32((uint)(now / MicrosecondsPerSecond));
        header.UInt32(_sequence);
        header.UInt32(options.Domain);
        send(_message.AsSpan(0, _length));
        _open = null;
        _set = 0;
        _length = HeaderLength;
    }
}
