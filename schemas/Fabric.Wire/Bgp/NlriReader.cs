using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>Enumerates the NLRI of a block without allocation.</summary>
public ref struct NlriReader<TNlri>
    where TNlri : struct, INlri<TNlri>
{
    private readonly AddressFamily _family;
    private ReadOnlySpan<byte> _rest;

    internal NlriReader(ReadOnlySpan<byte> bytes, AddressFamily family)
    {
        _rest = bytes;
        _family = family;
    }

    public TNlri Current { get; private set; }

    public readonly NlriReader<TNlri> GetEnumerator() => this;

    public bool MoveNext()
    {
        var length = _rest.IsEmpty ? -1 : TNlri.Measure(_rest, _family);
        if (length < 0)
        {
            return false;
        }

        Current = TNlri.Read(_rest[..length], _family);
        _rest = _rest[length..];
        return true;
    }

    /// <summary>Whether all bytes are well-formed NLRI, so that a message is taken whole or not at all.</summary>
    internal static bool IsWellFormed(ReadOnlySpan<byte> bytes, AddressFamily family)
    {
        while (!bytes.IsEmpty)
        {
            var length = TNlri.Measure(bytes, family);
            if (length < 0)
            {
                return false;
            }

            bytes = bytes[length..];
        }

        return true;
    }
}
