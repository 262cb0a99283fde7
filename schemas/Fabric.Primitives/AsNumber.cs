namespace Fabric.Primitives;

/// <summary>A four-octet autonomous system number (RFC 6793).</summary>
public readonly record struct AsNumber(uint Value)
{
    /// <summary>AS_TRANS stands in two-octet fields for a number that does not fit (RFC 6793 section 9).</summary>
    public const ushort Trans = 23456;

    public bool FitsTwoOctets => Value <= ushort.MaxValue;

    public override string ToString() => Value.ToString();
}
