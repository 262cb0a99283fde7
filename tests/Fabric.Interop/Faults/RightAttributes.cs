namespace Fabric.Interop.Faults;

/// <summary>Path attributes without a fault, in hexadecimal digits, for all that a test does not make wrong.</summary>
internal static class RightAttributes
{
    public const string Origin = "40010100";

    /// <summary>Of an internal peer: nothing.</summary>
    public const string AsPath = "400200";

    public const string NextHop = "4003040a070901";

    public const string LocalPref = "40050400000064";
}
