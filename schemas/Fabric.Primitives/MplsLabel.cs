namespace Fabric.Primitives;

/// <summary>A 20-bit MPLS label (RFC 3032). Labels 0 to 15 are reserved; 3 is implicit null.</summary>
public readonly record struct MplsLabel(uint Value)
{
    public const uint Max = 0xFFFFF;

    /// <summary>The first label an agent hands out.</summary>
    public const uint FirstUnreserved = 16;

    public bool IsValid => Value <= Max;

    public override string ToString() => Value.ToString();
}
