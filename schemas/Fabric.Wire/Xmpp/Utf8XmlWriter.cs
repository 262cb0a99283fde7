using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Fabric.Primitives;

namespace Fabric.Wire.Xmpp;

/// <summary>Writes XML as UTF-8. Markup is given as literals; values are escaped here.</summary>
internal readonly ref struct Utf8XmlWriter(IBufferWriter<byte> output)
{
    private readonly IBufferWriter<byte> _output = output;

    /// <summary>Writes bytes that are XML already.</summary>
    public void Markup(ReadOnlySpan<byte> xml) => _output.Write(xml);

    /// <summary>Writes a value for text or a double-quoted attribute. A character that XML 1.0 forbids becomes U+FFFD, so that what we send is always well formed.</summary>
    public void Value(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '<':
                    _output.Write("&lt;"u8);
                    break;
                case '>':
                    _output.Write("&gt;"u8);
                    break;
                case '&':
                    _output.Write("&amp;"u8);
                    break;
                case '"':
                    _output.Write("&quot;"u8);
                    break;
                default:
                    var isAllowed = rune.Value is >= ' ' and not (0xFFFE or 0xFFFF) or '\t';
                    _output.Advance((isAllowed ? rune : Rune.ReplacementChar).EncodeToUtf8(_output.GetSpan(4)));
                    break;
            }
        }
    }

    public void Value(ulong number)
    {
        Utf8Formatter.TryFormat(number, _output.GetSpan(20), out var written);
        _output.Advance(written);
    }

    public void Value(bool flag) => _output.Write(flag ? "true"u8 : "false"u8);

    public void Value(IpAddress address)
    {
        if (!address.IsIpv4)
        {
            Value(address.ToString());
            return;
        }

        for (var shift = 24; shift >= 0; shift -= 8)
        {
            Value(address.Ipv4 >> shift & 0xFF);
            _output.Write(shift > 0 ? "."u8 : default);
        }
    }

    public void Value(IpPrefix prefix)
    {
        Value(prefix.Address);
        _output.Write("/"u8);
        Value(prefix.Length);
    }

    /// <summary>Writes an element that holds a text.</summary>
    public void Element(ReadOnlySpan<byte> name, string text)
    {
        Open(name);
        Value(text);
        Close(name);
    }

    public void Element(ReadOnlySpan<byte> name, ulong number)
    {
        Open(name);
        Value(number);
        Close(name);
    }

    public void Element(ReadOnlySpan<byte> name, bool flag)
    {
        Open(name);
        Value(flag);
        Close(name);
    }

    public void Open(ReadOnlySpan<byte> name)
    {
        _output.Write("<"u8);
        _output.Write(name);
        _output.Write(">"u8);
    }

    public void Close(ReadOnlySpan<byte> name)
    {
        _output.Write("</"u8);
        _output.Write(name);
        _output.Write(">"u8);
    }
}
