using System.Buffers;

namespace Fabric.Wire.Xmpp;

/// <summary>White space or a keepalive between stanzas; written as the keepalive. All it says is that the peer lives.</summary>
public sealed record KeepAliveStanza : Stanza
{
    public override void Write(IBufferWriter<byte> output) => output.Write(XmppFramer.KeepAlive);
}

/// <summary>The stream's closing tag.</summary>
public sealed record StreamCloseStanza : Stanza;

/// <summary>Framer and reader of one connection together: bytes in, stanzas out.</summary>
public sealed class StanzaStream(int maximumStanzaBytes = XmppFramer.DefaultMaximumStanzaBytes)
{
    private readonly XmppFramer _framer = new(maximumStanzaBytes);
    private readonly StanzaReader _reader = new();

    /// <inheritdoc cref="XmppFramer.MaximumStanzaBytes"/>
    public int MaximumStanzaBytes
    {
        set => _framer.MaximumStanzaBytes = value;
    }

    /// <summary>Expects a new opening tag, as after STARTTLS.</summary>
    public void Restart() => _framer.Restart();

    /// <summary>Reads the next unit of all bytes not yet consumed. Null when it is not whole yet; nothing follows a <see cref="MalformedStanza"/>.</summary>
    public Stanza? Read(ReadOnlySpan<byte> input, out int consumed)
    {
        var frame = _framer.Read(input);
        consumed = frame.Consumed;
        return frame.Kind switch
        {
            XmppFrameKind.Incomplete => null,
            XmppFrameKind.Filler => new KeepAliveStanza(),
            XmppFrameKind.StreamOpen => StreamOpen.Read(frame.Bytes),
            XmppFrameKind.Stanza => _reader.Read(frame.Bytes),
            XmppFrameKind.StreamClose => new StreamCloseStanza(),
            _ => new MalformedStanza(frame.Fault),
        };
    }
}
