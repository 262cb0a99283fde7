using System.Runtime.CompilerServices;

namespace Fabric.Wire.Xmpp;

internal enum XmlNodeKind
{
    StartElement,
    EndElement,
    Text,
    End,
    Fault,
}

/// <summary>
/// A forward reader of the XML that XMPP allows (RFC 6120 section 11): elements, attributes and text with the five predefined
/// entities and character references; nothing else. Checks that tags match and that nesting and attribute counts stay within
/// limits. Names are compared with their prefixes; namespaces are not resolved, as the peers' own readers do not either.
/// After a fault every further read says so again.
/// </summary>
internal ref struct XmlSpanReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private OpenElements _open;
    private int _position;
    private bool _closeEmpty;
    private ReadOnlySpan<byte> _attributes;

    /// <summary>Where the node read last begins.</summary>
    public int Start { get; private set; }

    /// <summary>Where the next node begins.</summary>
    public readonly int Position => _position;

    /// <summary>Elements that are open; on a start element it is counted, on an end element no longer.</summary>
    public int Depth { get; private set; }

    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Text with its references still in place.</summary>
    public ReadOnlySpan<byte> RawText { get; private set; }

    public string? Fault { get; private set; }

    public readonly bool IsFaulted => Fault is not null;

    public XmlNodeKind Read()
    {
        if (IsFaulted)
        {
            return XmlNodeKind.Fault;
        }

        Start = _position;
        if (_closeEmpty)
        {
            _closeEmpty = false;
            Depth--;
            return XmlNodeKind.EndElement;
        }

        if (_position == _bytes.Length)
        {
            return Depth == 0 ? XmlNodeKind.End : Fail("the stanza ends inside an element");
        }

        return _bytes[_position] != '<' ? ReadText()
            : _bytes[_position..].StartsWith("</"u8) ? ReadEndTag()
            : ReadStartTag();
    }

    /// <summary>Goes to the next child of the element at <paramref name="parentDepth"/>, over whatever of the last child was not read. False at the parent's end or a fault.</summary>
    public bool ReadChild(int parentDepth)
    {
        while (true)
        {
            switch (Read())
            {
                case XmlNodeKind.StartElement when Depth == parentDepth + 1:
                    return true;
                case XmlNodeKind.EndElement when Depth < parentDepth:
                case XmlNodeKind.End:
                case XmlNodeKind.Fault:
                    return false;
            }
        }
    }

    /// <summary>Reads on to the end of the element just begun; gives its text without the white space around it. Child elements are passed over.</summary>
    public ReadOnlySpan<byte> ReadElementText()
    {
        var text = ReadOnlySpan<byte>.Empty;
        var depth = Depth;
        while (true)
        {
            switch (Read())
            {
                case XmlNodeKind.Text when Depth == depth && text.IsEmpty:
                    text = RawText.Trim(" \t\r\n"u8);
                    break;
                case XmlNodeKind.EndElement when Depth < depth:
                    return text;
                case XmlNodeKind.End:
                case XmlNodeKind.Fault:
                    return default;
            }
        }
    }

    /// <summary>Reads on to the end of the element just begun; gives its bytes, tags included.</summary>
    public ReadOnlySpan<byte> ReadOuter()
    {
        var start = Start;
        var depth = Depth;
        while (true)
        {
            switch (Read())
            {
                case XmlNodeKind.EndElement when Depth < depth:
                    return _bytes[start.._position];
                case XmlNodeKind.End:
                case XmlNodeKind.Fault:
                    return default;
            }
        }
    }

    /// <summary>The raw value of an attribute of the element just begun.</summary>
    public readonly bool TryGetAttribute(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var rest = _attributes;
        while (TryTakeAttribute(ref rest, out var candidate, out value))
        {
            if (candidate.SequenceEqual(name))
            {
                return true;
            }
        }

        value = default;
        return false;
    }

    public readonly ReadOnlySpan<byte> Attribute(ReadOnlySpan<byte> name) => TryGetAttribute(name, out var value) ? value : default;

    private XmlNodeKind ReadText()
    {
        var rest = _bytes[_position..];
        var length = rest.IndexOf((byte)'<');
        RawText = length < 0 ? rest : rest[..length];
        _position += RawText.Length;
        return XmlText.IsWellFormed(RawText) ? XmlNodeKind.Text : Fail("text with a forbidden character or reference");
    }

    private XmlNodeKind ReadEndTag()
    {
        var rest = _bytes[(_position + 2)..];
        var length = rest.IndexOf((byte)'>');
        if (length < 0)
        {
            return Fail("the stanza ends inside a tag");
        }

        var name = rest[..length].TrimEnd(" \t\r\n"u8);
        if (Depth == 0 || !name.SequenceEqual(_bytes[_open[Depth - 1]]))
        {
            return Fail("closing tag without its opening tag");
        }

        _position += 2 + length + 1;
        Depth--;
        Name = name;
        return XmlNodeKind.EndElement;
    }

    private XmlNodeKind ReadStartTag()
    {
        var rest = _bytes[(_position + 1)..];
        var nameLength = XmlText.NameLength(rest);
        if (nameLength == 0)
        {
            return Fail("tag without a name");
        }

        if (Depth == XmlLimits.Depth)
        {
            return Fail("elements nested too deep");
        }

        Name = rest[..nameLength];
        _open[Depth++] = (_position + 1)..(_position + 1 + nameLength);
        var behind = rest[nameLength..];
        if (!TryCheckAttributes(ref behind))
        {
            return Fail("malformed attributes");
        }

        _attributes = rest[nameLength..^behind.Length];
        _closeEmpty = behind.StartsWith("/>"u8);
        if (!_closeEmpty && !behind.StartsWith(">"u8))
        {
            return Fail("malformed tag");
        }

        _position = _bytes.Length - behind.Length + (_closeEmpty ? 2 : 1);
        return XmlNodeKind.StartElement;
    }

    /// <summary>Moves over the attributes to the tag's end; they must be well formed, few, and each there once.</summary>
    private static bool TryCheckAttributes(ref ReadOnlySpan<byte> rest)
    {
        var all = rest;
        var count = 0;
        while (TryTakeAttribute(ref rest, out var name, out var value))
        {
            if (++count > XmlLimits.Attributes || !XmlText.IsWellFormed(value))
            {
                return false;
            }

            var earlier = all[..^rest.Length];
            for (var i = 1; i < count; i++)
            {
                if (TryTakeAttribute(ref earlier, out var other, out _) && other.SequenceEqual(name))
                {
                    return false;
                }
            }
        }

        rest = rest.TrimStart(" \t\r\n"u8);
        return true;
    }

    /// <summary>Takes <c> name="value"</c> from the front; leaves what is no attribute in place.</summary>
    private static bool TryTakeAttribute(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = default;
        value = default;
        var trimmed = rest.TrimStart(" \t\r\n"u8);
        var length = XmlText.NameLength(trimmed);
        if (length == 0 || trimmed.Length == rest.Length)
        {
            return false;
        }

        name = trimmed[..length];
        var behind = trimmed[length..].TrimStart(" \t\r\n"u8);
        if (!behind.StartsWith("="u8))
        {
            return false;
        }

        behind = behind[1..].TrimStart(" \t\r\n"u8);
        if (behind.IsEmpty || behind[0] is not ((byte)'"' or (byte)'\''))
        {
            return false;
        }

        var close = behind[1..].IndexOf(behind[0]);
        if (close < 0)
        {
            return false;
        }

        value = behind[1..(close + 1)];
        rest = behind[(close + 2)..];
        return true;
    }

    private XmlNodeKind Fail(string fault)
    {
        Fault = fault;
        return XmlNodeKind.Fault;
    }

    [InlineArray(XmlLimits.Depth)]
    private struct OpenElements
    {
        private Range _first;
    }
}
