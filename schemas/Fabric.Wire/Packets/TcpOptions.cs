namespace Fabric.Wire.Packets;

/// <summary>
/// TCP options: end and padding of one byte, all others kind, length of the whole, value (RFC 9293 section 3.1).
/// </summary>
public static class TcpOptions
{
    public const byte MaximumSegmentSize = 2;
    public const int MaximumSegmentSizeLength = 4;

    /// <summary>Window scale (RFC 7323 section 2.2).</summary>
    public const byte WindowScale = 3;
    public const int WindowScaleLength = 3;

    private const byte End = 0;
    private const byte Padding = 1;

    /// <summary>
    /// Where the value of an option begins in a segment, or -1: it is not there, has another length, or lies behind an option that runs
    /// over the header.
    /// </summary>
    public static int Find(ReadOnlySpan<byte> segment, byte kind, int length)
    {
        if (!TcpHeader.TryRead(segment, out var tcp))
        {
            return -1;
        }

        for (var at = TcpHeader.Size; at < tcp.HeaderLength && segment[at] != End; )
        {
            if (segment[at] == Padding)
            {
                at++;
                continue;
            }

            var size = at + 1 < tcp.HeaderLength ? segment[at + 1] : 0;
            if (size < 2 || size > tcp.HeaderLength - at)
            {
                return -1;
            }

            if (segment[at] == kind)
            {
                return size == length ? at + 2 : -1;
            }

            at += size;
        }

        return -1;
    }
}
