using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>Enumerates the NLRI of a block without allocation.</summary>
public ref struct NlriReader<TNlri>
    where TNlri : struct, INlri<TNlri>
{
    private readonly AddressFamily _family;
    private readonly int _pathIdBytes;
    private ReadOnlySpan<byte> _rest;

    internal NlriReader(ReadOnlySpan<byte> bytes, AddressFamily family, int pathIdBytes)
    {
        _rest = bytes;
        _family = family;
        _pathIdBytes = pathIdBytes;
    }

    public TNlri Current { get; private set; }

    /// <summary>The path identifier of the current NLRI (RFC 7911 section 3); 0 in families without.</summary>
    public uint PathId { get; private set; }

    public readonly NlriReader<TNlri> GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.Length <= _pathIdBytes)
        {
            return false;
        }

        var nlri = _rest[_pathIdBytes..];
        var length = TNlri.Measure(nlri, _family);
        if (length < 0)
        {
            return false;
        }

        if (_pathIdBytes > 0)
        {
            PathId = BinaryPrimitives.ReadUInt32BigEndian(_rest);
        }

        Current = TNlri.Read(nlri[..length], _family);
        _rest = nlri[length..];
        return true;
    }

    /// <summary>Whether all bytes are well-formed NLRI, so that a message is taken whole or not at all.</summary>
    internal static bool IsWellFormed(ReadOnlySpan<byte> bytes, AddressFamily family, int pathIdBytes)
    {
        while (!bytes.IsEmpty)
        {
            var length = bytes.Length <= pathIdBytes ? -1 : TNlri.Measure(bytes[pathIdBytes..], family);
            if (length < 0)
            {
                return false;
            }

            bytes = bytes[(pathIdBytes + length)..];
        }

        return true;
    }
}
