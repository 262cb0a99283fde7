using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>Walks over extended communities as they stand in an attribute set's bytes, 8 bytes each.</summary>
internal ref struct ExtendedCommunityReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public ExtendedCommunity Current { get; private set; }

    /// <summary>A walk of its own.</summary>
    public readonly ExtendedCommunityReader GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        Current = new ExtendedCommunity(BinaryPrimitives.ReadUInt64BigEndian(_rest));
        _rest = _rest[sizeof(ulong)..];
        return true;
    }
}
