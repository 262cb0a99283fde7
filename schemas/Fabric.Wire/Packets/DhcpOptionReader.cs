namespace Fabric.Wire.Packets;

/// <summary>
/// Walks DHCP options: code, length, value (RFC 2132 section 2). It stops at END, at the end of the bytes, or at an option that runs over it.
/// </summary>
public ref struct DhcpOptionReader(ReadOnlySpan<byte> options)
{
    private ReadOnlySpan<byte> rest = options;

    public bool TryRead(out DhcpOption code, out ReadOnlySpan<byte> value)
    {
        while (!rest.IsEmpty && rest[0] == (byte)DhcpOption.Pad)
        {
            rest = rest[1..];
        }

        if (rest.Length < 2 || rest[0] == (byte)DhcpOption.End || rest[1] > rest.Length - 2)
        {
            rest = [];
            code = DhcpOption.End;
            value = [];
            return false;
        }

        code = (DhcpOption)rest[0];
        value = rest.Slice(2, rest[1]);
        rest = rest[(2 + rest[1])..];
        return true;
    }
}
