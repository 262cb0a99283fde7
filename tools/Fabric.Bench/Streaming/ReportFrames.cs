using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Fabric.Model.Datapath;
using Google.Protobuf;

namespace Fabric.Bench.Streaming;

/// <summary>
/// Frames of the data plane's socket (schemas/datapath/tables.proto) with sessions one after the other. One buffer serves for all of them: its length and
/// protobuf's tags stay, and the reports at its end are written over.
/// </summary>
internal sealed class ReportFrames
{
    /// <summary>As many as a data plane puts into one frame.</summary>
    public const int Reports = 500;

    private const int LengthOctets = 4;

    private readonly ReportedHost _host;
    private readonly byte[] _frame = Frame(
        new Envelope { Records = new Records { Flows = ByteString.CopyFrom(new byte[Reports * FlowReport.Octets]) } }
    );

    public ReportFrames(ReportedHost host) => _host = host;

    /// <summary>The last session that has been reported.</summary>
    public ulong Last { get; private set; }

    /// <summary>What the numbers in the reports stand for; comes before all of them.</summary>
    public byte[] Names() =>
        Frame(
            new Envelope
            {
                Records = new Records
                {
                    Names =
                    {
                        Name(ReportedSession.AllowRuleNumber, ReportedSession.AllowRule),
                        Name(ReportedSession.DenyRuleNumber, ReportedSession.DenyRule),
                        Name(ReportedSession.DenyReasonNumber, ReportedSession.DenyReason),
                        Name(ReportedSession.NetworkNumber, _host.Network),
                    },
                },
            }
        );

    /// <summary>The next frame; the same memory each time.</summary>
    /// <param name="time">Microseconds since 1970.</param>
    public ReadOnlySpan<byte> Next(long time)
    {
        // The reports are the frame's last field.
        var reports = MemoryMarshal.Cast<byte, FlowReport>(_frame.AsSpan()[^(Reports * FlowReport.Octets)..]);
        foreach (ref var report in reports)
        {
            report = ReportedSession.Report(++Last, time, _host);
        }

        return _frame;
    }

    /// <summary>A message as it goes over the socket.</summary>
    public static byte[] Frame(Envelope envelope)
    {
        var size = envelope.CalculateSize();
        var frame = new byte[LengthOctets + size];
        BinaryPrimitives.WriteInt32BigEndian(frame, size);
        envelope.WriteTo(frame.AsSpan(LengthOctets));
        return frame;
    }

    private static NameEntry Name(uint number, string name) => new() { Number = number, Name = name };
}
