using System.Text;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// NOTIFICATION (RFC 4271 section 4.5), after which the connection closes:
/// <code>
/// | error code (1) | error subcode (1) | data (rest) |
/// </code>
/// </summary>
public sealed record NotificationMessage(NotificationCode Code, byte Subcode, EquatableArray<byte> Data)
{
    /// <summary>RFC 9003 section 2: a shutdown communication has at most 255 bytes of UTF-8.</summary>
    public const int MaxShutdownBytes = 255;

    public static NotificationMessage ConnectionNotSynchronized { get; } = new(NotificationCode.MessageHeaderError, 1, []);

    public static NotificationMessage HoldTimerExpired { get; } = new(NotificationCode.HoldTimerExpired, 0, []);

    /// <summary>The peer reads nothing (RFC 9687 section 4).</summary>
    public static NotificationMessage SendHoldTimerExpired { get; } = new(NotificationCode.SendHoldTimerExpired, 0, []);

    /// <summary>An error that no subcode tells of (RFC 6608 section 3).</summary>
    public static NotificationMessage UnspecifiedStateError { get; } = new(NotificationCode.FiniteStateMachineError, 0, []);

    /// <summary>The data is the wrong length field (RFC 4271 section 6.1).</summary>
    public static NotificationMessage BadMessageLength(ushort length) =>
        new(NotificationCode.MessageHeaderError, 2, [(byte)(length >> 8), (byte)length]);

    /// <summary>The data is the wrong type field.</summary>
    public static NotificationMessage BadMessageType(byte type) => new(NotificationCode.MessageHeaderError, 3, [type]);

    public static NotificationMessage OpenError(OpenErrorSubcode subcode, EquatableArray<byte> data = default) =>
        new(NotificationCode.OpenMessageError, (byte)subcode, data);

    public static NotificationMessage UpdateError(UpdateErrorSubcode subcode, EquatableArray<byte> data = default) =>
        new(NotificationCode.UpdateMessageError, (byte)subcode, data);

    /// <summary>The data is the type of the message that was not expected (RFC 6608 section 4).</summary>
    public static NotificationMessage StateError(StateErrorSubcode subcode, MessageType unexpected) =>
        new(NotificationCode.FiniteStateMachineError, (byte)subcode, [(byte)unexpected]);

    /// <summary>A ROUTE-REFRESH of a wrong length (RFC 7313 section 5). The data is that message, as far as a NOTIFICATION holds it.</summary>
    public static NotificationMessage RouteRefreshLength(ReadOnlySpan<byte> body)
    {
        const int MaxDataBytes = MessageFrame.MaxBytes - MessageFrame.HeaderBytes - 2;
        var message = new byte[MessageFrame.HeaderBytes + body.Length];
        MessageFrame.WriteHeader(message, MessageType.RouteRefresh, message.Length);
        body.CopyTo(message.AsSpan(MessageFrame.HeaderBytes));
        return new(NotificationCode.RouteRefreshMessageError, 1, [.. message.AsSpan(0, Math.Min(message.Length, MaxDataBytes))]);
    }

    public static NotificationMessage Cease(CeaseSubcode subcode) => new(NotificationCode.Cease, (byte)subcode, []);

    /// <summary>Administrative shutdown with the operator's words.</summary>
    public static NotificationMessage Shutdown(string? message) => Cease(CeaseSubcode.AdministrativeShutdown, message);

    /// <summary>
    /// Cease with a shutdown communication (RFC 9003): a length byte and UTF-8, cut at a character to fit. Only an administrative
    /// shutdown or reset has one; words for another subcode are left out.
    /// </summary>
    public static NotificationMessage Cease(CeaseSubcode subcode, string? message)
    {
        if (string.IsNullOrEmpty(message) || subcode is not (CeaseSubcode.AdministrativeShutdown or CeaseSubcode.AdministrativeReset))
        {
            return Cease(subcode);
        }

        Span<byte> text = stackalloc byte[MaxShutdownBytes];
        Encoding.UTF8.GetEncoder().Convert(message, text, flush: true, out _, out var written, out _);
        return new(NotificationCode.Cease, (byte)subcode, [(byte)written, .. text[..written]]);
    }

    /// <summary>Wraps a notification so that the peer drops routes even under graceful restart (RFC 8538 section 3).</summary>
    public static NotificationMessage HardReset(NotificationMessage inner) =>
        new(NotificationCode.Cease, (byte)CeaseSubcode.HardReset, [(byte)inner.Code, inner.Subcode, .. inner.Data]);

    public bool IsHardReset => Code == NotificationCode.Cease && Subcode == (byte)CeaseSubcode.HardReset;

    /// <summary>Its code and subcode, of a hard reset those of what that wraps.</summary>
    public (NotificationCode Code, byte Subcode) Cause =>
        IsHardReset && Data.Count >= 2 ? ((NotificationCode)Data[0], Data[1]) : (Code, Subcode);

    /// <summary>The operator's words of an administrative shutdown or reset, also inside a hard reset; null when there are none or they are malformed.</summary>
    public string? ShutdownMessage
    {
        get
        {
            var hard = IsHardReset && Data.Count >= 2 && Data[0] == (byte)NotificationCode.Cease;
            var subcode = (CeaseSubcode)(hard ? Data[1] : Subcode);
            var data = hard ? Data.AsSpan()[2..] : Data.AsSpan();
            return
                Code == NotificationCode.Cease
                && subcode is CeaseSubcode.AdministrativeShutdown or CeaseSubcode.AdministrativeReset
                && data.Length > 1
                && data[0] == data.Length - 1
                ? Encoding.UTF8.GetString(data[1..])
                : null;
        }
    }

    /// <summary>Reads the body, of which framing has made sure that it has two bytes.</summary>
    public static NotificationMessage Decode(ReadOnlySpan<byte> body) =>
        new((NotificationCode)body[0], body[1], EquatableArray.Create(body[2..]));

    public int TotalBytes => MessageFrame.HeaderBytes + 2 + Data.Count;

    /// <summary>Writes the whole message and returns its length.</summary>
    public int Encode(Span<byte> destination)
    {
        MessageFrame.WriteHeader(destination, MessageType.Notification, TotalBytes);
        destination[MessageFrame.HeaderBytes] = (byte)Code;
        destination[MessageFrame.HeaderBytes + 1] = Subcode;
        Data.AsSpan().CopyTo(destination[(MessageFrame.HeaderBytes + 2)..]);
        return TotalBytes;
    }

    /// <summary>The code and subcode in the RFCs' words, with the operator's message; control characters in that are shown as U+FFFD.</summary>
    public override string ToString()
    {
        var words = NotificationWords.Of(Code, Subcode);
        if (IsHardReset && Data.Count >= 2)
        {
            words += ": " + NotificationWords.Of((NotificationCode)Data[0], Data[1]);
        }

        return ShutdownMessage is { } message ? $"{words}: '{Printable(message)}'" : words;
    }

    // RFC 9003 section 2 has the text shown to people; a line break in it would forge a line of a log.
    private static string Printable(string message) =>
        string.Create(
            message.Length,
            message,
            static (characters, text) =>
            {
                for (var i = 0; i < characters.Length; i++)
                {
                    characters[i] = char.IsControl(text[i]) ? '\uFFFD' : text[i];
                }
            }
        );
}
