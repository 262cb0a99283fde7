using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Fabric.Analytics;
using Fabric.Analytics.Json;
using Fabric.Streaming.Journal;

namespace Fabric.Streaming.Http;

/// <summary>Writes rows as a client wants them: server-sent events whose id is the sequence, or lines of JSON.</summary>
internal sealed class RowWriter(PipeWriter output, Topic topic, bool isEvents)
{
    private const int MaxSequenceDigits = 20;

    public PipeWriter Output => output;

    /// <summary>Octets that are written and not flushed.</summary>
    public long Pending => output.UnflushedBytes;

    public void Write(in JournalRecord row)
    {
        if (isEvents)
        {
            output.Write("id: "u8);
            Utf8Formatter.TryFormat(row.Sequence, output.GetSpan(MaxSequenceDigits), out var digits);
            output.Advance(digits);
            output.Write("\ndata: "u8);
        }

        if (row.Flags.HasFlag(RecordFlags.Protobuf))
        {
            output.Write(Encoding.UTF8.GetBytes(EventJson.FromProtobuf(topic, row.Payload)));
        }
        else
        {
            output.Write(row.Payload);
        }

        output.Write(isEvents ? "\n\n"u8 : "\n"u8);
    }

    /// <summary>Something that is no row, so that a connection that nobody reads shows.</summary>
    public void WriteHeartbeat() => output.Write(isEvents ? ":\n\n"u8 : "\n"u8);

    /// <summary>Why there are no more rows: an event "end", or a line with the member "end".</summary>
    public void WriteEnd(string reason)
    {
        var text = JsonEncodedText.Encode(reason).EncodedUtf8Bytes;
        output.Write(isEvents ? "event: end\ndata: {\"end\":\""u8 : "{\"end\":\""u8);
        output.Write(text);
        output.Write(isEvents ? "\"}\n\n"u8 : "\"}\n"u8);
    }
}
