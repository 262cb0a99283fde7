using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>The three octets in which BGP carries a label: <code>| label (20 bits) | traffic class (3) | S (1) |</code></summary>
internal static class LabelField
{
    public const int ByteCount = 3;

    /// <summary>What a withdrawal has in place of a label (RFC 8277 section 2.4).</summary>
    public const uint Withdrawn = 0x800000;

    private const uint BottomOfStack = 1;

    /// <summary>The only label of an NLRI.</summary>
    public static uint Of(MplsLabel label) => label.Value << 4 | BottomOfStack;

    public static uint Raw(ReadOnlySpan<byte> bytes) => (uint)(bytes[0] << 16 | bytes[1] << 8 | bytes[2]);

    public static MplsLabel Label(ReadOnlySpan<byte> bytes) => new(Raw(bytes) >> 4);

    public static void Write(Span<byte> destination, uint raw)
    {
        destination[0] = (byte)(raw >> 16);
        destination[1] = (byte)(raw >> 8);
        destination[2] = (byte)raw;
    }
}
