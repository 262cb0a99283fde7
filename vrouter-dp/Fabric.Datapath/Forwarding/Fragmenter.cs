using System.Buffers.Binary;
using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>Cuts a packet without DF into fragments that fit a tunnel (RFC 791 section 3.2).</summary>
internal sealed class Fragmenter
{
    private const byte CopiedFlag = 0x80;
    private readonly byte[] scratch = new byte[HostSettings.MaxOverhead + ushort.MaxValue];

    public void Send(ReadOnlySpan<byte> packet, int mtu, in TunnelTarget target, IPacketOutput output)
    {
        Ipv4Header.TryRead(packet, out var whole);
        var payload = packet[whole.HeaderLength..];
        var copy = scratch.AsSpan(target.Overhead);
        var headerLength = whole.HeaderLength;
        packet[..headerLength].CopyTo(copy);
        for (var sent = 0; sent < payload.Length; )
        {
            var room = (mtu - headerLength) / 8 * 8;
            var isLast = payload.Length - sent <= mtu - headerLength;
            var size = isLast ? payload.Length - sent : room;
            var flags = (isLast ? 0 : Ipv4Header.MoreFragments) | (whole.FlagsAndOffset & Ipv4Header.MoreFragments);
            BinaryPrimitives.WriteUInt16BigEndian(copy[2..], (ushort)(headerLength + size));
            BinaryPrimitives.WriteUInt16BigEndian(copy[6..], (ushort)(flags | (whole.FragmentOffset + sent) / 8));
            Ipv4Header.WriteChecksum(copy[..headerLength]);
            payload.Slice(sent, size).CopyTo(copy[headerLength..]);
            TunnelSender.Send(scratch.AsSpan(0, target.Overhead + headerLength + size), target, output);
            sent += size;
            if (sent == size)
            {
                headerLength = KeepCopiedOptions(copy, whole.HeaderLength);
            }
        }
    }

    // Only options with the copied flag go into later fragments (RFC 791 section 3.1); the others become padding.
    private static int KeepCopiedOptions(Span<byte> header, int headerLength)
    {
        var kept = Ipv4Header.Size;
        for (var at = Ipv4Header.Size; at < headerLength && header[at] != 0; )
        {
            var size =
                header[at] == 1 ? 1
                : at + 1 < headerLength ? Math.Clamp(header[at + 1], (byte)2, headerLength - at)
                : headerLength - at;
            if ((header[at] & CopiedFlag) != 0)
            {
                header.Slice(at, size).CopyTo(header[kept..]);
                kept += size;
            }

            at += size;
        }

        var padded = (kept + 3) / 4 * 4;
        header[kept..padded].Clear();
        header[0] = (byte)(0x40 | padded / 4);
        return padded;
    }
}
