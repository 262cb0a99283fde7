using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>Takes what an UPDATE says of some families out of it.</summary>
public static class UpdateFilter
{
    private const int LengthBytes = 2;

    /// <param name="message">A whole UPDATE, with its header.</param>
    /// <returns>The same bytes where it says nothing of the families, or cannot be read; none where it says nothing else.</returns>
    public static ReadOnlySpan<byte> Without(ReadOnlySpan<byte> message, ReadOnlySpan<AddressFamily> families)
    {
        var body = message[MessageFrame.HeaderBytes..];
        if (!TryReadField(body, out var withdrawn) || !TryReadField(body[(LengthBytes + withdrawn.Length)..], out var attributes))
        {
            return message;
        }

        var nlri = body[(2 * LengthBytes + withdrawn.Length + attributes.Length)..];
        var leavesOut = families.Contains(AddressFamily.Ipv4Unicast) && !(withdrawn.IsEmpty && nlri.IsEmpty);
        if (leavesOut)
        {
            withdrawn = default;
            nlri = default;
        }

        var says = !withdrawn.IsEmpty || !nlri.IsEmpty;
        var kept = new byte[attributes.Length];
        var keptBytes = 0;
        var reader = new AttributeReader(attributes);
        while (reader.Read())
        {
            var isMp = reader.Type is AttributeType.MpReachNlri or AttributeType.MpUnreachNlri;
            if (isMp && MpNlri.TryReadUnreach(reader.Value, out var mp) && families.Contains(mp.Family))
            {
                leavesOut = true;
                continue;
            }

            says |= isMp;
            attributes[reader.Start..reader.End].CopyTo(kept.AsSpan(keptBytes));
            keptBytes += reader.End - reader.Start;
        }

        return reader.IsOverrun || !leavesOut ? message
            : says ? Join(withdrawn, kept.AsSpan(0, keptBytes), nlri)
            : [];
    }

    private static bool TryReadField(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> field)
    {
        field = default;
        if (bytes.Length < LengthBytes || BinaryPrimitives.ReadUInt16BigEndian(bytes) is var length && length > bytes.Length - LengthBytes)
        {
            return false;
        }

        field = bytes.Slice(LengthBytes, length);
        return true;
    }

    private static byte[] Join(ReadOnlySpan<byte> withdrawn, ReadOnlySpan<byte> attributes, ReadOnlySpan<byte> nlri)
    {
        var message = new byte[MessageFrame.HeaderBytes + 2 * LengthBytes + withdrawn.Length + attributes.Length + nlri.Length];
        MessageFrame.WriteHeader(message, MessageType.Update, message.Length);
        var rest = message.AsSpan(MessageFrame.HeaderBytes);
        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)withdrawn.Length);
        withdrawn.CopyTo(rest[LengthBytes..]);
        rest = rest[(LengthBytes + withdrawn.Length)..];
        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)attributes.Length);
        attributes.CopyTo(rest[LengthBytes..]);
        nlri.CopyTo(rest[(LengthBytes + attributes.Length)..]);
        return message;
    }
}
