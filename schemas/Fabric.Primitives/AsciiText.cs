using System.Globalization;
using System.Text;

namespace Fabric.Primitives;

/// <summary>Parts of a text in octets, for those who write very many.</summary>
internal static class AsciiText
{
    /// <returns>How many octets.</returns>
    public static int Write(Span<byte> text, uint number)
    {
        number.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        return length;
    }

    /// <returns>How many octets.</returns>
    public static int Write(Span<byte> text, string value) => Encoding.ASCII.GetBytes(value, text);
}
