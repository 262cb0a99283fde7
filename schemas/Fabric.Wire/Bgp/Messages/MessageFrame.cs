using System.Buffers.Binary;

namespace Fabric.Wire.Bgp;

public enum FrameStatus
{
    /// <summary>The buffer ends inside a message.</summary>
    NeedMore,

    /// <summary>A whole message is at the head of the buffer.</summary>
    Complete,

    /// <summary>The header is wrong; the stream cannot be followed further.</summary>
    Error,
}

/// <summary>
/// One message in a stream (RFC 4271 section 4.1):
/// <code>
/// | marker, all ones (16) | length with header (2) | type (1) | body |
/// </code>
/// A length is 19 to 4096, or to 65535 for UPDATE, NOTIFICATION and ROUTE-REFRESH where extended messages were negotiated (RFC 8654).
/// </summary>
public readonly ref struct MessageFrame
{
    public const int HeaderBytes = 19;
    public const int MaxBytes = 4096;
    public const int MaxExtendedBytes = 65535;

    private const int MarkerBytes = 16;

    private MessageFrame(FrameStatus status, MessageType type, ReadOnlySpan<byte> body, NotificationMessage? error)
    {
        Status = status;
        Type = type;
        Body = body;
        Error = error;
    }

    public FrameStatus Status { get; }

    public MessageType Type { get; }

    /// <summary>The message without its header.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>The whole message's length; what a reader consumes.</summary>
    public int TotalBytes => HeaderBytes + Body.Length;

    /// <summary>What to tell the peer when the header is wrong (RFC 4271 section 6.1).</summary>
    public NotificationMessage? Error { get; }

    /// <summary>Reads the message at the head of <paramref name="buffer"/>.</summary>
    public static MessageFrame Read(ReadOnlySpan<byte> buffer, bool extendedMessages)
    {
        var marker = buffer[..Math.Min(buffer.Length, MarkerBytes)];
        if (marker.ContainsAnyExcept((byte)0xFF))
        {
            return Fail(NotificationMessage.ConnectionNotSynchronized);
        }

        if (buffer.Length < HeaderBytes)
        {
            return new MessageFrame(FrameStatus.NeedMore, default, default, null);
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(buffer[MarkerBytes..]);
        var type = (MessageType)buffer[MarkerBytes + 2];
        if (type is < MessageType.Open or > MessageType.RouteRefresh)
        {
            return Fail(NotificationMessage.BadMessageType((byte)type));
        }

        if (length < MinBytes(type) || length > MaxBytesOf(type, extendedMessages))
        {
            return Fail(NotificationMessage.BadMessageLength(length));
        }

        return length > buffer.Length
            ? new MessageFrame(FrameStatus.NeedMore, type, default, null)
            : new MessageFrame(FrameStatus.Complete, type, buffer[HeaderBytes..length], null);
    }

    /// <summary>Writes a header for a message of <paramref name="totalBytes"/>.</summary>
    public static void WriteHeader(Span<byte> destination, MessageType type, int totalBytes)
    {
        destination[..MarkerBytes].Fill(0xFF);
        BinaryPrimitives.WriteUInt16BigEndian(destination[MarkerBytes..], (ushort)totalBytes);
        destination[MarkerBytes + 2] = (byte)type;
    }

    private static MessageFrame Fail(NotificationMessage error) => new(FrameStatus.Error, default, default, error);

    private static int MinBytes(MessageType type) =>
        type switch
        {
            MessageType.Open => 29,
            MessageType.Update => 23,
            MessageType.Notification => 21,
            // What a ROUTE-REFRESH that is too short leads to hangs on what was negotiated (RFC 7313 section 5).
            _ => HeaderBytes,
        };

    private static int MaxBytesOf(MessageType type, bool extendedMessages) =>
        type switch
        {
            MessageType.Keepalive => HeaderBytes,
            MessageType.Open => MaxBytes,
            _ => extendedMessages ? MaxExtendedBytes : MaxBytes,
        };
}
