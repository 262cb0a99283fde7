namespace Fabric.Primitives;

/// <summary>A text that is taken and kept, and not shown: neither in logs nor to who reads the configuration. Empty: none.</summary>
public readonly record struct Secret(string Value)
{
    public bool IsEmpty => string.IsNullOrEmpty(Value);

    public override string ToString() => IsEmpty ? "" : "***";
}
