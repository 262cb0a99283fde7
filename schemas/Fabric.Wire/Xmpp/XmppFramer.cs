namespace Fabric.Wire.Xmpp;

/// <summary>
/// Cuts an XML stream (RFC 6120 section 4) into its opening tag, stanzas and filler, by the depth of elements. Bytes may come
/// split or packed anywhere: each call is given all bytes not yet consumed, and scanning goes on where it stopped. As RFC 6120
/// section 11.1 asks, comments, document types and processing instructions (other than the XML declaration before the opening
/// tag) are refused, and so are CDATA sections, which no peer writes. Names and nesting are checked later, by the reader.
/// </summary>
public sealed class XmppFramer(int maximumStanzaBytes = XmppFramer.DefaultMaximumStanzaBytes)
{
    /// <summary>What an end holds of a stanza, if nothing else is said. No item that an agent or a control node makes is as long.</summary>
    public const int DefaultMaximumStanzaBytes = 1 << 20;

    /// <summary>
    /// A writer that has put as much into a stanza begins another for what follows, so that a stanza is long only where what it carries cannot
    /// be parted: a peer that does not take it ends the session, and would end the next one.
    /// </summary>
    public const int SufficientStanzaBytes = 1 << 16;

    /// <summary>A stranger, who has not yet opened a stream or shown whose it is, may make us hold this much.</summary>
    public const int MaximumOpenBytes = 4096;

    private const byte KeepAliveFirst = 0xC8;
    private const byte KeepAliveSecond = 0x80;

    /// <summary>What is held of a stanza; of an opening tag <see cref="MaximumOpenBytes"/> at most.</summary>
    public int MaximumStanzaBytes { get; set; } = maximumStanzaBytes;

    private bool _isOpen;
    private State _state;
    private int _scanned;
    private int _depth;
    private byte _quote;
    private string? _fault;

    private enum State
    {
        Text,
        Markup,
        Declaration,
        StartTag,
        EndTag,
    }

    /// <summary>The keepalive: U+0200, the "white space" that old peers send and expect.</summary>
    public static ReadOnlySpan<byte> KeepAlive => [KeepAliveFirst, KeepAliveSecond];

    /// <summary>Expects a new opening tag, as after STARTTLS.</summary>
    public void Restart()
    {
        _isOpen = false;
        _fault = null;
        BeginFrame();
    }

    public XmppFrame Read(ReadOnlySpan<byte> input)
    {
        if (_fault is not null)
        {
            return Refuse(_fault);
        }

        if (_state == State.Text && _depth == 0 && _scanned == 0)
        {
            var filler = FillerLength(input);
            if (filler > 0)
            {
                return new XmppFrame
                {
                    Kind = XmppFrameKind.Filler,
                    Bytes = input[..filler],
                    Consumed = filler,
                };
            }

            if (input is [KeepAliveFirst])
            {
                return default;
            }
        }

        var limit = _isOpen ? MaximumStanzaBytes : Math.Min(MaximumStanzaBytes, MaximumOpenBytes);
        var end = Math.Min(input.Length, limit);
        while (_scanned < end)
        {
            var kind = Step(input);
            if (kind == XmppFrameKind.Refused)
            {
                return Refuse(_fault!);
            }

            if (kind != XmppFrameKind.Incomplete)
            {
                var length = _scanned;
                BeginFrame();
                return new XmppFrame
                {
                    Kind = kind,
                    Bytes = input[..length],
                    Consumed = length,
                };
            }
        }

        return input.Length >= limit ? Refuse($"stanza longer than {limit} bytes") : default;
    }

    private static bool IsWhiteSpace(byte value) => value is (byte)' ' or (byte)'\r' or (byte)'\n' or (byte)'\t';

    private static int FillerLength(ReadOnlySpan<byte> input)
    {
        var length = 0;
        while (length < input.Length)
        {
            if (IsWhiteSpace(input[length]))
            {
                length++;
            }
            else if (input[length..].StartsWith(KeepAlive))
            {
                length += 2;
            }
            else
            {
                break;
            }
        }

        return length;
    }

    /// <summary>Takes one byte, or a run of bytes without meaning to the depth. Incomplete means: go on.</summary>
    private XmppFrameKind Step(ReadOnlySpan<byte> input)
    {
        var current = input[_scanned++];
        switch (_state)
        {
            case State.Text when current == '<':
                _state = State.Markup;
                return XmppFrameKind.Incomplete;
            case State.Text when _depth == 0:
                // Between the XML declaration and the opening tag there may be white space; elsewhere it was taken as filler.
                return !_isOpen && IsWhiteSpace(current) ? XmppFrameKind.Incomplete : Fail("text between stanzas");
            case State.Text:
                var rest = input[_scanned..];
                var next = rest.IndexOf((byte)'<');
                _scanned += next < 0 ? rest.Length : next;
                return XmppFrameKind.Incomplete;
            case State.Markup:
                return BeginMarkup(current);
            case State.Declaration when current == '>' && input[_scanned - 2] == '?':
                _state = State.Text;
                return XmppFrameKind.Incomplete;
            case State.StartTag:
                return StepStartTag(input, current);
            case State.EndTag when current == '>':
                _state = State.Text;
                return --_depth switch
                {
                    0 => XmppFrameKind.Stanza,
                    < 0 => XmppFrameKind.StreamClose,
                    _ => XmppFrameKind.Incomplete,
                };
            default:
                return XmppFrameKind.Incomplete;
        }
    }

    private XmppFrameKind BeginMarkup(byte first)
    {
        switch (first)
        {
            case (byte)'?' when !_isOpen && _scanned == 2:
                _state = State.Declaration;
                return XmppFrameKind.Incomplete;
            case (byte)'?':
                return Fail("processing instruction");
            case (byte)'!':
                return Fail("comment, CDATA section or document type");
            case (byte)'/' when !_isOpen:
                return Fail("closing tag before the stream was opened");
            case (byte)'/':
                _state = State.EndTag;
                return XmppFrameKind.Incomplete;
            case (byte)'>':
                return Fail("tag without a name");
            default:
                _state = State.StartTag;
                return XmppFrameKind.Incomplete;
        }
    }

    private XmppFrameKind StepStartTag(ReadOnlySpan<byte> input, byte current)
    {
        if (_quote != 0)
        {
            _quote = current == _quote ? (byte)0 : _quote;
            return XmppFrameKind.Incomplete;
        }

        if (current is (byte)'"' or (byte)'\'')
        {
            _quote = current;
            return XmppFrameKind.Incomplete;
        }

        if (current != '>')
        {
            return XmppFrameKind.Incomplete;
        }

        _state = State.Text;
        var isEmpty = input[_scanned - 2] == '/';
        if (!_isOpen)
        {
            _isOpen = !isEmpty;
            return isEmpty ? Fail("the stream is closed in its opening tag") : XmppFrameKind.StreamOpen;
        }

        if (isEmpty)
        {
            return _depth == 0 ? XmppFrameKind.Stanza : XmppFrameKind.Incomplete;
        }

        return ++_depth > XmlLimits.Depth ? Fail("elements nested too deep") : XmppFrameKind.Incomplete;
    }

    private void BeginFrame()
    {
        _state = State.Text;
        _scanned = 0;
        _depth = 0;
        _quote = 0;
    }

    private XmppFrameKind Fail(string fault)
    {
        _fault = fault;
        return XmppFrameKind.Refused;
    }

    private XmppFrame Refuse(string fault)
    {
        _fault = fault;
        return new XmppFrame { Kind = XmppFrameKind.Refused, Fault = fault };
    }
}
