namespace Fabric.Wire.Bgp;

/// <summary>
/// The attributes of an UPDATE as their reader wants them: the bytes that a table keeps, or an object, each made of the other when it is asked
/// for. The instances of a decoder are filled anew with every message; <see cref="Version"/> tells whether it was with something else.
/// </summary>
public sealed class ReceivedAttributes
{
    private const int RoomForNextHop = 17;

    private byte[] _stored = [];
    private byte[] _spare = [];
    private int _length;
    private PathAttributes? _value;

    /// <summary>Counts the different contents.</summary>
    public long Version { get; private set; }

    /// <summary>The form of <see cref="StoredAttributes"/>, valid until the next message.</summary>
    public ReadOnlySpan<byte> Stored
    {
        get
        {
            if (_length == 0)
            {
                _stored = StoredAttributes.Write(_value!);
                _length = _stored.Length;
            }

            return _stored.AsSpan(0, _length);
        }
    }

    public PathAttributes Value => _value ??= StoredAttributes.Read(Stored);

    /// <summary>Attributes that came in another way than by an UPDATE.</summary>
    public static ReceivedAttributes Of(PathAttributes value)
    {
        var received = new ReceivedAttributes();
        received.Take(value);
        return received;
    }

    /// <summary>False, with nothing changed, for a block that has to be decoded.</summary>
    internal bool TryTake(in AttributeBlock block, ReadOnlySpan<byte> mpNextHop, bool isVpn, UpdateContext context)
    {
        if (_spare.Length < block.Bytes.Length + RoomForNextHop)
        {
            _spare = new byte[block.Bytes.Length + RoomForNextHop + byte.MaxValue];
        }

        var length = CanonicalAttributes.Copy(block, mpNextHop, isVpn, context, _spare);
        if (length == 0)
        {
            return false;
        }

        if (!_spare.AsSpan(0, length).SequenceEqual(_stored.AsSpan(0, _length)))
        {
            (_stored, _spare) = (_spare, _stored);
            (_length, _value) = (length, null);
            Version++;
        }

        return true;
    }

    internal void Take(PathAttributes value)
    {
        if (!ReferenceEquals(_value, value))
        {
            (_length, _value) = (0, value);
            Version++;
        }
    }
}
