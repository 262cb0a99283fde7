using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Fabric.Wire.Xmpp;

/// <summary>Characters, names and references of XML 1.0 in UTF-8.</summary>
internal static class XmlText
{
    /// <summary>Control characters that XML 1.0 section 2.2 forbids, and what ends or begins markup.</summary>
    private static readonly SearchValues<byte> s_special = SearchValues.Create([
        .. Enumerable.Range(0, 32).Select(i => (byte)i).Except("\t\r\n"u8.ToArray()),
        (byte)'<',
        (byte)'&',
    ]);

    /// <summary>Names of ASCII letters, digits and signs, as all of this protocol are, and any letter beyond ASCII.</summary>
    private static readonly SearchValues<byte> s_name = SearchValues.Create([
        .. Enumerable.Range(128, 128).Select(i => (byte)i),
        .. "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:"u8,
    ]);

    public static int NameLength(ReadOnlySpan<byte> bytes)
    {
        var length = bytes.IndexOfAnyExcept(s_name);
        length = length < 0 ? bytes.Length : length;
        return length > 0 && bytes[0] is (byte)'-' or (byte)'.' or (>= (byte)'0' and <= (byte)'9') ? 0 : length;
    }

    /// <summary>Whether a text or attribute value is made of allowed characters and references. UTF-8 itself is checked once for the stanza.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> raw)
    {
        while (true)
        {
            var special = raw.IndexOfAny(s_special);
            if (special < 0)
            {
                return true;
            }

            raw = raw[special..];
            if (raw[0] != '&' || !TryReadReference(raw, out _, out var length))
            {
                return false;
            }

            raw = raw[length..];
        }
    }

    /// <summary>The text with its references replaced; the input must be well formed.</summary>
    public static string Decode(ReadOnlySpan<byte> raw)
    {
        var reference = raw.IndexOf((byte)'&');
        if (reference < 0)
        {
            return Encoding.UTF8.GetString(raw);
        }

        var text = new StringBuilder(raw.Length);
        while (reference >= 0)
        {
            text.Append(Encoding.UTF8.GetString(raw[..reference]));
            raw = raw[reference..];
            if (!TryReadReference(raw, out var rune, out var length))
            {
                break;
            }

            text.Append(rune.ToString());
            raw = raw[length..];
            reference = raw.IndexOf((byte)'&');
        }

        return text.Append(Encoding.UTF8.GetString(raw)).ToString();
    }

    /// <summary>Reads a decimal number that is all of the text; an empty element counts as zero, since writers leave unset scalars empty.</summary>
    public static bool TryParse(ReadOnlySpan<byte> raw, out ulong value)
    {
        value = 0;
        return raw.IsEmpty || (Utf8Parser.TryParse(raw, out value, out var consumed) && consumed == raw.Length && raw[0] != '+');
    }

    private static bool TryReadReference(ReadOnlySpan<byte> raw, out Rune rune, out int length)
    {
        rune = default;
        length = raw[..Math.Min(raw.Length, 12)].IndexOf((byte)';') + 1;
        if (length < 3)
        {
            return false;
        }

        var name = raw[1..(length - 1)];
        if (name[0] == '#')
        {
            var isHexadecimal = name.Length > 1 && name[1] == 'x';
            var digits = name[(isHexadecimal ? 2 : 1)..];
            return Utf8Parser.TryParse(digits, out uint code, out var consumed, isHexadecimal ? 'x' : 'D')
                && consumed == digits.Length
                && digits[0] != '+'
                && (code >= ' ' || code is '\t' or '\r' or '\n')
                && Rune.TryCreate(code, out rune);
        }

        var character =
            name.SequenceEqual("lt"u8) ? '<'
            : name.SequenceEqual("gt"u8) ? '>'
            : name.SequenceEqual("amp"u8) ? '&'
            : name.SequenceEqual("quot"u8) ? '"'
            : name.SequenceEqual("apos"u8) ? '\''
            : '\0';
        rune = new Rune(character);
        return character != '\0';
    }
}
