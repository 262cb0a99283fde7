using System.Buffers.Text;

namespace Fabric.Bench.Load;

/// <summary>
/// What is checked of a route's item, found by its marks instead of by a parser of XML, so that the tool costs less than what it measures.
/// </summary>
/// <param name="Address">Of the host route; both the item's id and its NLRI say it.</param>
internal readonly record struct AgentItem(uint Address, uint NextHop, uint Label)
{
    /// <summary>False where it is not one IPv4 host route with one next hop.</summary>
    /// <param name="item">From the item's start tag to its end tag.</param>
    public static bool TryRead(ReadOnlySpan<byte> item, out AgentItem read)
    {
        read = default;
        if (
            !TryTake(ref item, "<item id=\""u8, "/32\">"u8, out var id)
            || !TryTake(ref item, "<nlri>"u8, "</nlri>"u8, out var nlri)
            || !TryTake(ref nlri, "<address>"u8, "/32</address>"u8, out var prefix)
            || !prefix.SequenceEqual(id)
            || !TryTake(ref item, "<next-hop>"u8, "</next-hop></next-hops>"u8, out var nextHop)
            || nextHop.IndexOf("<next-hop>"u8) >= 0
            || !TryTake(ref nextHop, "<address>"u8, "</address>"u8, out var gateway)
            || !TryTake(ref nextHop, "<label>"u8, "</label>"u8, out var label)
            || !TryReadAddress(id, out var address)
            || !TryReadAddress(gateway, out var gatewayAddress)
            || !Utf8Parser.TryParse(label, out uint number, out var digits)
            || digits != label.Length
        )
        {
            return false;
        }

        read = new AgentItem(address, gatewayAddress, number);
        return true;
    }

    private static bool TryTake(
        ref ReadOnlySpan<byte> bytes,
        ReadOnlySpan<byte> before,
        ReadOnlySpan<byte> after,
        out ReadOnlySpan<byte> between
    )
    {
        between = default;
        var start = bytes.IndexOf(before);
        if (start < 0)
        {
            return false;
        }

        var rest = bytes[(start + before.Length)..];
        var length = rest.IndexOf(after);
        if (length < 0)
        {
            return false;
        }

        between = rest[..length];
        bytes = rest[(length + after.Length)..];
        return true;
    }

    private static bool TryReadAddress(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        for (var octet = 0; octet < 4; octet++)
        {
            if (!Utf8Parser.TryParse(text, out byte value, out var digits) || (octet < 3 && (digits == text.Length || text[digits] != '.')))
            {
                return false;
            }

            address = (address << 8) | value;
            text = text[(octet < 3 ? digits + 1 : digits)..];
        }

        return text.IsEmpty;
    }
}
