using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Fabric.Analytics.Tests;

/// <summary>What a row writes of itself.</summary>
internal static class RowText
{
    public static string Of<TRow>(in TRow row, in EventStamp stamp)
        where TRow : struct, IStreamRow
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            row.WriteJson(writer, stamp);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Octets that writing it 100 times more allocates, when it was written 100 times before.</summary>
    public static long Allocated<TRow>(in TRow row, in EventStamp stamp)
        where TRow : struct, IStreamRow
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using var writer = new Utf8JsonWriter(buffer);
        long before = 0;
        for (var i = 0; i < 200; i++)
        {
            if (i == 100)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            buffer.ResetWrittenCount();
            writer.Reset();
            row.WriteJson(writer, stamp);
            writer.Flush();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
