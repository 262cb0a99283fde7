using System.Buffers;
using System.Text;
using System.Xml;

namespace Fabric.Model.AgentView;

/// <summary>Writes elements and escaped text as UTF-8. A character that XML can't carry becomes U+FFFD.</summary>
internal readonly struct XmlFragmentWriter(IBufferWriter<byte> output)
{
    public void StartNode(AgentViewKey key)
    {
        Raw("<node type=\""u8);
        Text(key.Type);
        Raw("\">"u8);
        Element("name", key.Name);
    }

    public void Start(string name)
    {
        Raw("<"u8);
        Text(name);
        Raw(">"u8);
    }

    public void End(string name)
    {
        Raw("</"u8);
        Text(name);
        Raw(">"u8);
    }

    public void Element(string name, ReadOnlySpan<char> text)
    {
        Start(name);
        Text(text);
        End(name);
    }

    public void Element<T>(string name, T value)
        where T : struct => Element(name, value.ToString());

    private void Text(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var plain = LengthOfPlain(text);
            Encoding.UTF8.GetBytes(text[..plain], output);
            if (plain == text.Length)
            {
                return;
            }

            Raw(Escape(text[plain]));
            text = text[(plain + 1)..];
        }
    }

    private static int LengthOfPlain(ReadOnlySpan<char> text)
    {
        var i = 0;
        while (i < text.Length && text[i] is not ('<' or '>' or '&' or '"' or '\r' or '\n' or '\t') && IsCharacter(text, i))
        {
            i++;
        }

        return i;
    }

    private static bool IsCharacter(ReadOnlySpan<char> text, int index) =>
        XmlConvert.IsXmlChar(text[index])
        || index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1])
        || index > 0 && char.IsSurrogatePair(text[index - 1], text[index]);

    private static ReadOnlySpan<byte> Escape(char character) =>
        character switch
        {
            '<' => "&lt;"u8,
            '>' => "&gt;"u8,
            '&' => "&amp;"u8,
            '"' => "&quot;"u8,
            '\r' => "&#13;"u8,
            '\n' => "&#10;"u8,
            '\t' => "&#9;"u8,
            _ => "\uFFFD"u8,
        };

    private void Raw(ReadOnlySpan<byte> bytes) => output.Write(bytes);
}
