using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>Reachability of one family on the wire: what a generic reader and packer need to know of it.</summary>
public interface INlri<TSelf>
    where TSelf : struct, INlri<TSelf>
{
    /// <summary>The length of the NLRI at the head of the bytes, or -1 when it is malformed or cut.</summary>
    static abstract int Measure(ReadOnlySpan<byte> bytes, AddressFamily family);

    /// <summary>Reads an NLRI that was measured.</summary>
    static abstract TSelf Read(ReadOnlySpan<byte> bytes, AddressFamily family);

    int ByteCount { get; }

    /// <summary>Writes <see cref="ByteCount"/> bytes; a withdrawal may differ (the label of RFC 8277).</summary>
    void Write(Span<byte> destination, bool withdraw);
}
