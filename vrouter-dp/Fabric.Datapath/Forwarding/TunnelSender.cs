using Fabric.Primitives;
using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>The far end of a tunnel and the label that selects the interface there.</summary>
internal readonly record struct TunnelTarget(uint Source, uint Destination, uint Label);

/// <summary>
/// Puts the headers of MPLS over GRE (RFC 4023) before a tenant's packet. The outer header has DF: the tenant's packet is made to fit, and
/// the underlay never fragments behind our back.
/// <code>
///   0           20        24         28
/// +------------+---------+----------+-----------------+
/// | IPv4, DF   |GRE 8847 |MPLS, S=1 | tenant's packet |
/// +------------+---------+----------+-----------------+
/// </code>
/// </summary>
internal sealed class TunnelSender
{
    private const byte OuterTimeToLive = 64;
    private ushort identification;

    /// <param name="space">Room for the headers (<see cref="HostSettings.MplsOverGreOverhead"/> bytes), then the packet.</param>
    /// <param name="target">Where to.</param>
    /// <param name="output">Takes the outer packet.</param>
    public void Send(Span<byte> space, in TunnelTarget target, IPacketOutput output)
    {
        var timeToLive = space[HostSettings.MplsOverGreOverhead + 8];
        Ipv4Header.Write(
            space,
            space.Length,
            identification++,
            Ipv4Header.DontFragment,
            OuterTimeToLive,
            IpProtocol.Gre,
            target.Source,
            target.Destination
        );
        GreHeader.Write(space[Ipv4Header.Size..], EtherType.MplsUnicast);
        new MplsLabelEntry(new MplsLabel(target.Label), 0, IsBottomOfStack: true, timeToLive).Write(
            space[(Ipv4Header.Size + GreHeader.Size)..]
        );
        output.ToUplink(space);
    }
}
