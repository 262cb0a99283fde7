namespace Fabric.Wire.Xmpp;

public enum XmppFrameKind
{
    /// <summary>Nothing whole yet: <see cref="XmppFrame.Consumed"/> is 0, come again with the same bytes and more behind them.</summary>
    Incomplete,

    /// <summary>Keepalive or white space between stanzas.</summary>
    Filler,

    /// <summary>The stream's opening tag, with the XML declaration if there was one.</summary>
    StreamOpen,

    Stanza,

    /// <summary>The stream's closing tag; old peers never send it.</summary>
    StreamClose,

    /// <summary>The stream is broken beyond repair; <see cref="XmppFrame.Fault"/> says why.</summary>
    Refused,
}

/// <summary>One unit of an XML stream; <see cref="Bytes"/> are a slice of what the framer was given.</summary>
public readonly ref struct XmppFrame
{
    public XmppFrameKind Kind { get; init; }

    public ReadOnlySpan<byte> Bytes { get; init; }

    /// <summary>How many bytes from the start of the input are dealt with.</summary>
    public int Consumed { get; init; }

    public string Fault { get; init; }
}
