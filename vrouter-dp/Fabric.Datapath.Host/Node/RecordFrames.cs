using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Fabric.Model.Datapath;
using Google.Protobuf;

namespace Fabric.Datapath.Host.Node;

/// <summary>
/// Writes what waits for the agent as frames of an Envelope with Records. Reports go into the frame's buffer as they are, which is used again:
/// so they cost no object each. The first worker's.
/// </summary>
internal sealed class RecordFrames(FlowRecorder recorder)
{
    private const int ReportsOfFrame = 500;
    private const int NamesOfFrame = 500;
    private const int LengthOctets = 4;
    private static readonly uint _recordsTag = WireFormat.MakeTag(Envelope.RecordsFieldNumber, WireFormat.WireType.LengthDelimited);
    private static readonly uint _flowsTag = WireFormat.MakeTag(Records.FlowsFieldNumber, WireFormat.WireType.LengthDelimited);

    private readonly Records _head = new();
    private readonly (uint Number, string Name)[] _names = new (uint, string)[NamesOfFrame];
    private readonly FlowReport[] _reports = new FlowReport[ReportsOfFrame];
    private byte[] _frame = new byte[ReportsOfFrame * FlowReport.Octets + 4096];

    /// <summary>A new agent hears all names again.</summary>
    public void Begin() => recorder.SayNamesAgain();

    /// <summary>The next frame, valid until the next call; empty when nothing waits.</summary>
    public ReadOnlySpan<byte> Next()
    {
        _head.Names.Clear();
        foreach (var (number, name) in _names.AsSpan(0, recorder.TakeNames(_names)))
        {
            _head.Names.Add(new NameEntry { Number = number, Name = name });
        }

        var reports = _reports.AsSpan(0, recorder.Take(_reports));
        _head.Drops.Clear();
        _head.Drops.AddRange(recorder.Drops.Reports);
        recorder.Drops.Reports.Clear();
        if (reports.IsEmpty && _head.Names.Count + _head.Drops.Count == 0)
        {
            return [];
        }

        _head.FlowsLost = (ulong)recorder.Reports.Lost;
        return Write(MemoryMarshal.AsBytes(reports));
    }

    private ReadOnlySpan<byte> Write(ReadOnlySpan<byte> flows)
    {
        var head = _head.CalculateSize();
        var body = head + SizeOfField(_flowsTag, flows.Length);
        var envelope = SizeOfField(_recordsTag, body);
        if (_frame.Length < LengthOctets + envelope)
        {
            _frame = new byte[LengthOctets + envelope];
        }

        BinaryPrimitives.WriteInt32BigEndian(_frame, envelope);
        var at = LengthOctets;
        at += WriteHeader(_frame.AsSpan(at), _recordsTag, body);
        _head.WriteTo(_frame.AsSpan(at, head));
        at += head;
        at += WriteHeader(_frame.AsSpan(at), _flowsTag, flows.Length);
        flows.CopyTo(_frame.AsSpan(at));
        return _frame.AsSpan(0, at + flows.Length);
    }

    private static int SizeOfField(uint tag, int length) =>
        CodedOutputStream.ComputeRawVarint32Size(tag) + CodedOutputStream.ComputeLengthSize(length) + length;

    // Tags of fields below 16 are one octet.
    private static int WriteHeader(Span<byte> to, uint tag, int length)
    {
        to[0] = (byte)tag;
        var count = 1;
        for (var rest = (uint)length; ; rest >>= 7)
        {
            if (rest < 0x80)
            {
                to[count] = (byte)rest;
                return count + 1;
            }

            to[count++] = (byte)(rest | 0x80);
        }
    }
}
