using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>
/// The attributes that a source offers with a route: as an UPDATE brought them, or as an object. Routes that share them should come with one
/// instance.
/// </summary>
public readonly struct OfferedAttributes : IEquatable<OfferedAttributes>
{
    private readonly ReceivedAttributes? _received;
    private readonly PathAttributes? _value;
    private readonly long _version;

    public OfferedAttributes(ReceivedAttributes received) => (_received, _version) = (received, received.Version);

    public OfferedAttributes(PathAttributes value) => _value = value;

    public PathAttributes Value => _value ?? _received!.Value;

    /// <summary>The form of <see cref="StoredAttributes"/>.</summary>
    internal ReadOnlySpan<byte> Stored => _received is null ? StoredAttributes.Write(_value!) : _received.Stored;

    public static implicit operator OfferedAttributes(PathAttributes value) => new(value);

    public static implicit operator OfferedAttributes(ReceivedAttributes received) => new(received);

    public static bool operator ==(in OfferedAttributes left, in OfferedAttributes right) => left.Equals(right);

    public static bool operator !=(in OfferedAttributes left, in OfferedAttributes right) => !left.Equals(right);

    /// <summary>Whether they are one instance with one content; equal contents of two instances are not looked at.</summary>
    public bool Equals(OfferedAttributes other) =>
        ReferenceEquals(_received, other._received) && ReferenceEquals(_value, other._value) && _version == other._version;

    public override bool Equals(object? obj) => obj is OfferedAttributes other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_received, _value, _version);
}
