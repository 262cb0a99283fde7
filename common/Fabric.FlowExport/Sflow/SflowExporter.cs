namespace Fabric.FlowExport.Sflow;

/// <summary>
/// Packs flow samples into sFlow version 5 datagrams:
/// <code>
/// version, 5 | address type: 1 or 2 | agent's address | sub-agent | sequence | milliseconds since the start | number of samples | samples
/// </code>
/// Each of 32 bits but the address. A uniflow becomes samples whose rates are its packets and whose lengths are their octets, so that what collectors count, rate times length, is what
/// the flow had.
/// </summary>
/// <param name="begun">Microseconds since 1970.</param>
internal sealed class SflowExporter(SflowOptions options, long begun, DatagramSink send) : IFlowExporter
{
    private const uint Version = 5;
    private const uint SubAgent = 0;
    private const long MicrosecondsPerMillisecond = 1000;

    // Four gigaoctets each: no host sends as much between two rows of a session.
    private const int MaxSamples = 1024;

    private readonly byte[] _datagram = new byte[options.MaxDatagram];
    private readonly byte[] _sample = new byte[SflowSample.MaxLength];
    private readonly int _headerLength = 24 + options.Agent.ByteCount;
    private int _length = 24 + options.Agent.ByteCount;
    private uint _samples;
    private uint _sequence;
    private uint _sampleSequence;
    private uint _pool;
    private long _begun = begun;

    public void Add(in Biflow flow, long now)
    {
        Add(flow.Forward, now);
        Add(flow.Reverse, now);
    }

    public void Flush(long now)
    {
        if (_samples == 0)
        {
            return;
        }

        var header = new OctetWriter(_datagram);
        header.UInt32(Version);
        header.UInt32(options.Agent.IsIpv4 ? 1u : 2u);
        header.Address(options.Agent, options.Agent.ByteCount);
        header.UInt32(SubAgent);
        header.UInt32(++_sequence);
        header.UInt32((uint)((now - _begun) / MicrosecondsPerMillisecond));
        header.UInt32(_samples);
        send(_datagram.AsSpan(0, _length));
        _samples = 0;
        _length = _headerLength;
    }

    public void Maintain(long now) { }

    public void Shift(long step) => _begun += step;

    private void Add(in Uniflow flow, long now)
    {
        if (flow.Packets == 0)
        {
            return;
        }

        var (mean, longer) = Math.DivRem(flow.Octets, flow.Packets);
        Sample(flow, flow.Packets - longer, mean, now);
        Sample(flow, longer, mean + 1, now);
    }

    private void Sample(in Uniflow flow, ulong packets, ulong length, long now)
    {
        var packetLength = (uint)Math.Min(length, uint.MaxValue);

        // Collectors multiply in 32 bits.
        var most = uint.MaxValue / Math.Max(1, packetLength);
        for (var i = 0; packets > 0 && i < MaxSamples; i++)
        {
            var rate = (uint)Math.Min(packets, most);
            packets -= rate;
            _pool += rate;
            var written = SflowSample.Write(_sample, flow, ++_sampleSequence, rate, _pool, packetLength);
            if (_length + written > options.MaxDatagram)
            {
                Flush(now);
            }

            _sample.AsSpan(0, written).CopyTo(_datagram.AsSpan(_length));
            _length += written;
            _samples++;
        }
    }
}
