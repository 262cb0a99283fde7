using System.Buffers.Binary;
using Fabric.Model.Datapath;
using Fabric.Primitives;
using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>
/// Puts the headers of MPLS over GRE (RFC 4023) or over UDP (RFC 7510) before a tenant's packet. The outer header has DF: the tenant's
/// packet is made to fit, and the underlay never fragments behind our back. Its identification is 0, as that of an atomic datagram says
/// nothing (RFC 6864 section 4.1). The checksum of UDP is 0: the tenant's packet has its own.
/// <code>
///   0           20        24         28
/// +------------+---------+----------+-----------------+
/// | IPv4, DF   |GRE 8847 |MPLS, S=1 | tenant's packet |
/// +------------+---------+----------+-----------------+
///   0           20                  28         32
/// +------------+-------------------+----------+-----------------+
/// | IPv4, DF   |UDP to 6635        |MPLS, S=1 | tenant's packet |
/// +------------+-------------------+----------+-----------------+
/// </code>
/// </summary>
internal static class TunnelSender
{
    private const byte OuterTimeToLive = 64;

    /// <param name="space">Room for the headers (<see cref="TunnelTarget.Overhead"/> bytes), then the packet.</param>
    /// <param name="target">Where to.</param>
    /// <param name="output">Takes the outer packet.</param>
    public static void Send(Span<byte> space, in TunnelTarget target, IPacketOutput output)
    {
        var isUdp = target.Kind == TunnelKind.MplsOverUdp;
        var timeToLive = space[target.Overhead + 8];
        Ipv4Header.Write(
            space,
            space.Length,
            identification: 0,
            Ipv4Header.DontFragment,
            OuterTimeToLive,
            isUdp ? IpProtocol.Udp : IpProtocol.Gre,
            target.Source,
            target.Destination
        );
        var transport = space[Ipv4Header.Size..];
        if (isUdp)
        {
            WriteUdp(transport, target.SourcePort);
        }
        else
        {
            GreHeader.Write(transport, EtherType.MplsUnicast);
        }

        new MplsLabelEntry(new MplsLabel(target.Label), 0, IsBottomOfStack: true, timeToLive).Write(
            space[(target.Overhead - MplsLabelEntry.Size)..]
        );
        output.ToUplink(space);
    }

    private static void WriteUdp(Span<byte> datagram, ushort sourcePort)
    {
        BinaryPrimitives.WriteUInt16BigEndian(datagram, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[2..], UdpPort.MplsOverUdp);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[4..], (ushort)datagram.Length);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[UdpHeader.ChecksumOffset..], 0);
    }
}
