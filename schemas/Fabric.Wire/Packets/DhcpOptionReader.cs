namespace Fabric.Wire.Packets;

/// <summary>
/// Walks DHCP options: code, length, value (RFC 2132 section 2). In each field it stops at END, at the field's end, or at an option that runs over it. The two other
/// fields are read where the first one says that they hold options (RFC 2132 section 9.3), the file before the server's name; what these say of it is not heard.
/// </summary>
public ref struct DhcpOptionReader(ReadOnlySpan<byte> options, ReadOnlySpan<byte> file, ReadOnlySpan<byte> serverName)
{
    private const byte InFile = 1;
    private const byte InServerName = 2;

    private readonly ReadOnlySpan<byte> file = file;
    private readonly ReadOnlySpan<byte> serverName = serverName;
    private ReadOnlySpan<byte> rest = options;
    private Field field;
    private byte overload;

    private enum Field : byte
    {
        Options,
        File,
        ServerName,
    }

    public bool TryRead(out DhcpOption code, out ReadOnlySpan<byte> value)
    {
        while (!TryReadHere(out code, out value))
        {
            if (field == Field.ServerName)
            {
                return false;
            }

            field++;
            rest = field == Field.File ? Overloaded(InFile, file) : Overloaded(InServerName, serverName);
        }

        overload |= field == Field.Options && code == DhcpOption.Overload && value.Length == 1 ? value[0] : (byte)0;
        return true;
    }

    private readonly ReadOnlySpan<byte> Overloaded(byte bit, ReadOnlySpan<byte> bytes) => (overload & bit) != 0 ? bytes : [];

    private bool TryReadHere(out DhcpOption code, out ReadOnlySpan<byte> value)
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
