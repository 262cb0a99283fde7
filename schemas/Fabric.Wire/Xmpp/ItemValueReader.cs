using System.Buffers.Text;
using System.Text;
using Fabric.Primitives;

namespace Fabric.Wire.Xmpp;

/// <summary>Reads the values in an item's elements. The first that is out of form makes the item's fault, and reads as nothing.</summary>
internal ref struct ItemValueReader(Utf8StringCache cache)
{
    private const int LongestAddress = 64;

    private readonly Utf8StringCache _cache = cache;

    public string? Fault { get; set; }

    public readonly string Text(ref XmlSpanReader xml) => _cache.Get(xml.ReadElementText());

    public readonly EquatableArray<string> Texts(ref XmlSpanReader xml)
    {
        var depth = xml.Depth;
        var texts = new List<string>();
        while (xml.ReadChild(depth))
        {
            texts.Add(Text(ref xml));
        }

        return [.. texts];
    }

    public static bool Flag(ref XmlSpanReader xml) => Flag(xml.ReadElementText());

    public static bool Flag(ReadOnlySpan<byte> text) => text.SequenceEqual("true"u8) || text.SequenceEqual("1"u8);

    public ulong Number(ref XmlSpanReader xml, ulong maximum)
    {
        var name = xml.Name;
        var text = xml.ReadElementText();
        return XmlText.TryParse(text, out var value) && value <= maximum ? value : Refuse(Encoding.UTF8.GetString(name));
    }

    public ulong Number(ReadOnlySpan<byte> text, string name, ulong maximum) =>
        XmlText.TryParse(text, out var value) && value <= maximum ? value : Refuse(name);

    public MacAddress? Mac(ref XmlSpanReader xml)
    {
        var text = xml.ReadElementText();
        if (text.IsEmpty)
        {
            return null;
        }

        if (!MacAddress.TryParse(_cache.Get(text), out var mac))
        {
            Refuse("mac");
        }

        return mac;
    }

    public IpAddress Address(ref XmlSpanReader xml)
    {
        var text = xml.ReadElementText();
        if (TryReadIpv4(text, out var ipv4, out var length) && length == text.Length)
        {
            return IpAddress.FromIpv4(ipv4);
        }

        if (text.Length > LongestAddress || !IpAddress.TryParse(Encoding.UTF8.GetString(text), out var address))
        {
            Refuse("address");
            return default;
        }

        return address;
    }

    public IpPrefix? Prefix(ref XmlSpanReader xml)
    {
        var text = xml.ReadElementText();
        if (
            TryReadIpv4(text, out var ipv4, out var length)
            && text[length..].StartsWith("/"u8)
            && XmlText.TryParse(text[(length + 1)..], out var bits)
            && length + 1 < text.Length
            && bits <= 32
        )
        {
            var read = new IpPrefix(IpAddress.FromIpv4(ipv4), (int)bits);
            if (read.Address.Ipv4 == ipv4)
            {
                return read;
            }
        }
        else if (text.Length <= LongestAddress && IpPrefix.TryParse(Encoding.UTF8.GetString(text), out var prefix))
        {
            return prefix;
        }

        Refuse("address");
        return null;
    }

    private ulong Refuse(string name)
    {
        Fault ??= $"{name} is out of form";
        return 0;
    }

    /// <summary>Four decimal octets without leading zeros, which some readers would take as octal.</summary>
    private static bool TryReadIpv4(ReadOnlySpan<byte> text, out uint address, out int length)
    {
        address = 0;
        length = 0;
        for (var octet = 0; octet < 4; octet++)
        {
            if (octet > 0 && (length >= text.Length || text[length++] != '.'))
            {
                return false;
            }

            var rest = text[length..];
            if (
                rest.IsEmpty
                || rest[0] == '+'
                || !Utf8Parser.TryParse(rest, out byte value, out var digits)
                || (rest[0] == '0' && digits > 1)
            )
            {
                return false;
            }

            address = address << 8 | value;
            length += digits;
        }

        return true;
    }
}
