using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// Finds out of a received block whether its bytes already are the form of <see cref="StoredAttributes"/>, as they are from nearly every
/// speaker: known types in ascending order, each well formed, with just the flags and the length field that an encoder gives them, and lists
/// of communities in order. Such a block is taken over without an object being made of it; all others are decoded and encoded again.
/// </summary>
internal static class CanonicalAttributes
{
    private const AttributeFlags WellKnown = AttributeFlags.Transitive;
    private const AttributeFlags OptionalTransitive = AttributeFlags.Optional | AttributeFlags.Transitive;

    /// <summary>Writes the stored form and returns its length, at most 17 bytes more than the block; 0 where the block has to be decoded.</summary>
    public static int Copy(
        in AttributeBlock block,
        ReadOnlySpan<byte> mpNextHop,
        bool isVpn,
        UpdateContext context,
        scoped Span<byte> destination
    )
    {
        IpAddress nextHop = default;
        if (!context.FourOctetAs || !mpNextHop.IsEmpty && !MpNlri.TryReadNextHop(mpNextHop, isVpn, out nextHop))
        {
            return 0;
        }

        // NEXT_HOP stands behind ORIGIN and AS_PATH but goes to the head: its room is kept free.
        var head = 1 + (mpNextHop.IsEmpty ? sizeof(uint) : nextHop.ByteCount);
        var length = head;
        var (last, seen) = (default(AttributeType), 0);
        // What stands next to each other is copied together: the bytes from here to where the reader is.
        var from = 0;
        var reader = new AttributeReader(block.Bytes);
        while (reader.Read())
        {
            if (reader.Type is AttributeType.MpReachNlri or AttributeType.MpUnreachNlri)
            {
                length += CopyRange(block.Bytes[from..reader.Start], destination[length..]);
                from = reader.End;
                continue;
            }

            if (reader.Type <= last || !IsCanonical(reader, context.IsInternal))
            {
                return 0;
            }

            last = reader.Type;
            seen |= last <= AttributeType.AsPath ? (int)last : 0;
            if (last == AttributeType.NextHop)
            {
                if (!mpNextHop.IsEmpty)
                {
                    return 0;
                }

                nextHop = IpAddress.Read(reader.Value);
                length += CopyRange(block.Bytes[from..reader.Start], destination[length..]);
                from = reader.End;
            }
        }

        if (reader.IsOverrun || seen != ((int)AttributeType.Origin | (int)AttributeType.AsPath) || nextHop.IsNone)
        {
            return 0;
        }

        length += CopyRange(block.Bytes[from..], destination[length..]);
        destination[0] = (byte)nextHop.ByteCount;
        nextHop.Write(destination[1..]);
        return length;
    }

    private static int CopyRange(ReadOnlySpan<byte> bytes, scoped Span<byte> destination)
    {
        bytes.CopyTo(destination);
        return bytes.Length;
    }

    private static bool IsCanonical(scoped in AttributeReader attribute, bool isInternal)
    {
        var value = attribute.Value;
        var (flags, isRight) = attribute.Type switch
        {
            AttributeType.Origin => (WellKnown, value.Length == 1 && value[0] <= (byte)Origin.Incomplete),
            AttributeType.AsPath => (WellKnown, IsPlainPath(value)),
            AttributeType.NextHop => (WellKnown, AttributeForm.IsNextHop(value)),
            AttributeType.MultiExitDisc => (AttributeFlags.Optional, value.Length == 4),
            AttributeType.LocalPref => (WellKnown, isInternal && value.Length == 4),
            AttributeType.AtomicAggregate => (WellKnown, value.IsEmpty),
            AttributeType.Communities => (OptionalTransitive, IsAscending(value, 4)),
            AttributeType.OriginatorId => (AttributeFlags.Optional, isInternal && value.Length == 4),
            AttributeType.ClusterList => (AttributeFlags.Optional, isInternal && AttributeForm.IsListOf(value, 4)),
            AttributeType.ExtendedCommunities => (OptionalTransitive, IsAscending(value, 8)),
            AttributeType.LargeCommunities => (OptionalTransitive, IsAscending(value, 12)),
            _ => (default, false),
        };
        return isRight && attribute.Flags == (value.Length > byte.MaxValue ? flags | AttributeFlags.ExtendedLength : flags);
    }

    /// <summary>Sets and sequences of four-octet numbers, none of which is 0 (RFC 7607).</summary>
    private static bool IsPlainPath(ReadOnlySpan<byte> value)
    {
        while (!value.IsEmpty)
        {
            if (value.Length < 2 || value[0] is not (1 or 2) || value[1] == 0 || value.Length - 2 < value[1] * sizeof(uint))
            {
                return false;
            }

            var numbers = value.Slice(2, value[1] * sizeof(uint));
            for (var at = 0; at < numbers.Length; at += sizeof(uint))
            {
                if (BinaryPrimitives.ReadUInt32BigEndian(numbers[at..]) == 0)
                {
                    return false;
                }
            }

            value = value[(2 + numbers.Length)..];
        }

        return true;
    }

    /// <summary>At least one item, each above the one before.</summary>
    private static bool IsAscending(ReadOnlySpan<byte> value, int itemBytes)
    {
        for (var at = itemBytes; at < value.Length; at += itemBytes)
        {
            if (value.Length - at < itemBytes || value.Slice(at, itemBytes).SequenceCompareTo(value.Slice(at - itemBytes, itemBytes)) <= 0)
            {
                return false;
            }
        }

        return value.Length >= itemBytes;
    }
}
