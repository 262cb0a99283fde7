using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// An NLRI with a path identifier, in families where ADD-PATH is agreed on (RFC 7911 section 3):
/// <code>
/// | path identifier (4) | NLRI |
/// </code>
/// </summary>
public readonly record struct PathNlri<TNlri>(uint PathId, TNlri Nlri) : INlri<PathNlri<TNlri>>
    where TNlri : struct, INlri<TNlri>
{
    private const int PathIdBytes = 4;

    public static int Measure(ReadOnlySpan<byte> bytes, AddressFamily family)
    {
        if (bytes.Length <= PathIdBytes)
        {
            return -1;
        }

        var length = TNlri.Measure(bytes[PathIdBytes..], family);
        return length < 0 ? -1 : PathIdBytes + length;
    }

    public static PathNlri<TNlri> Read(ReadOnlySpan<byte> bytes, AddressFamily family) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(bytes), TNlri.Read(bytes[PathIdBytes..], family));

    public int ByteCount => PathIdBytes + Nlri.ByteCount;

    public void Write(Span<byte> destination, bool withdraw)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, PathId);
        Nlri.Write(destination[PathIdBytes..], withdraw);
    }

    public override string ToString() => $"{Nlri} path {PathId}";
}
