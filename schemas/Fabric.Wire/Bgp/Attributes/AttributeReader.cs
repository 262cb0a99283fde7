using System.Buffers.Binary;

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
    private readonly ReadOnlySpan<byte> _block = block;
    private int _next;

    public AttributeFlags Flags { get; private set; }

    public AttributeType Type { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Where the attribute with its header begins.</summary>
    public int Start { get; private set; }

    /// <summary>Where the next attribute begins.</summary>
    public readonly int End => _next;

    public bool IsOverrun { get; private set; }

    public bool Read()
    {
        var rest = _block[_next..];
        if (rest.IsEmpty || IsOverrun)
        {
            return false;
        }

        var extended = ((AttributeFlags)rest[0] & AttributeFlags.ExtendedLength) != AttributeFlags.None;
        var headBytes = extended ? 4 : 3;
        if (rest.Length < headBytes)
        {
            Type = default;
            IsOverrun = true;
            return false;
        }

        var length = extended ? BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) : rest[2];
        Flags = (AttributeFlags)rest[0];
        Type = (AttributeType)rest[1];
        if (length > rest.Length - headBytes)
        {
            IsOverrun = true;
            return false;
        }

        Value = rest.Slice(headBytes, length);
        Start = _next;
        _next += headBytes + length;
        return true;
    }
}
