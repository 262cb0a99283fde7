namespace Fabric.Wire.Bgp;

/// <summary>
/// Walks the path attributes of an UPDATE (RFC 4271 section 4.3):
/// <code>
/// | O T P E 0 0 0 0 (1) | type (1) | length (1, or 2 where E is set) | value (length) |
/// </code>
/// Stops at an attribute that is longer than what is left; <see cref="IsOverrun"/> tells.
/// </summary>
internal ref struct AttributeReader(ReadOnlySpan<byte> block)
{
    private const int HeadBytes = 3;

    private readonly ReadOnlySpan<byte> _block = block;
    private int _value;

    public AttributeFlags Flags { get; private set; }

    public AttributeType Type { get; private set; }

    public readonly ReadOnlySpan<byte> Value => _block[_value..End];

    /// <summary>Where the attribute with its header begins.</summary>
    public int Start { get; private set; }

    /// <summary>Where the next attribute begins.</summary>
    public int End { get; private set; }

    public bool IsOverrun { get; private set; }

    public bool Read()
    {
        var rest = _block[End..];
        if (rest.Length < HeadBytes)
        {
            return !rest.IsEmpty && Overrun(default);
        }

        Flags = (AttributeFlags)rest[0];
        var length = (int)rest[2];
        var headBytes = HeadBytes;
        if ((Flags & AttributeFlags.ExtendedLength) != AttributeFlags.None)
        {
            headBytes++;
            if (rest.Length < headBytes)
            {
                return Overrun(default);
            }

            length = length << 8 | rest[3];
        }

        if (length > rest.Length - headBytes)
        {
            return Overrun((AttributeType)rest[1]);
        }

        Type = (AttributeType)rest[1];
        Start = End;
        _value = End + headBytes;
        End = _value + length;
        return true;
    }

    // What comes next stays where it is, so that reading on ends here again.
    private bool Overrun(AttributeType type)
    {
        (Type, IsOverrun) = (type, true);
        return false;
    }
}
