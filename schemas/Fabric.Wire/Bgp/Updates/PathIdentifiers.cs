using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>Tells UPDATEs whose NLRI have path identifiers (RFC 7911 section 3) from others, which is not to be seen in their bytes.</summary>
public static class PathIdentifiers
{
    private const int LengthBytes = sizeof(ushort);
    private const int FamilyBytes = 3;

    /// <summary>Whether routes of a family for which the session agreed on them are in the message. One that is malformed has none.</summary>
    /// <param name="update">Whole, with its header.</param>
    /// <param name="context">What the session agreed on.</param>
    public static bool AreIn(ReadOnlySpan<byte> update, UpdateContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (
            context.AddPathFamilies.IsEmpty
            || update.Length < MessageFrame.HeaderBytes
            || !TrySplit(update[MessageFrame.HeaderBytes..], out var withdrawn, out var rest)
            || !TrySplit(rest, out var attributes, out var nlri)
        )
        {
            return false;
        }

        var found = !(withdrawn.IsEmpty && nlri.IsEmpty) && context.PathIdBytes(AddressFamily.Ipv4Unicast) > 0;
        var reader = new AttributeReader(attributes);
        while (!found && reader.Read())
        {
            found =
                reader.Type is AttributeType.MpReachNlri or AttributeType.MpUnreachNlri
                && reader.Value.Length > FamilyBytes
                && context.PathIdBytes(new AddressFamily(BinaryPrimitives.ReadUInt16BigEndian(reader.Value), reader.Value[2])) > 0;
        }

        return found;
    }

    // A part stands behind its length.
    private static bool TrySplit(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> part, out ReadOnlySpan<byte> rest)
    {
        part = default;
        rest = default;
        if (bytes.Length < LengthBytes || BinaryPrimitives.ReadUInt16BigEndian(bytes) is var length && length > bytes.Length - LengthBytes)
        {
            return false;
        }

        part = bytes.Slice(LengthBytes, length);
        rest = bytes[(LengthBytes + length)..];
        return true;
    }
}
