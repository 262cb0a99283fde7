using Fabric.Model.Datapath;

namespace Fabric.Datapath;

/// <summary>This host in the underlay.</summary>
/// <param name="TunnelSource">Source address of tunnel packets; 0 until it is known.</param>
/// <param name="UnderlayMtu">Largest IPv4 packet of the underlay, in bytes.</param>
/// <param name="HostName">The host's name, for records.</param>
public sealed record HostSettings(uint TunnelSource, int UnderlayMtu, string HostName)
{
    /// <summary>Bytes that MPLS over GRE puts before a tenant's packet: IPv4 20, GRE 4, MPLS 4.</summary>
    public const int MplsOverGreOverhead = 28;

    /// <summary>The same of MPLS over UDP: IPv4 20, UDP 8, MPLS 4.</summary>
    public const int MplsOverUdpOverhead = 32;

    /// <summary>Of the largest tunnel.</summary>
    public const int MaxOverhead = MplsOverUdpOverhead;

    /// <summary>The smallest underlay that carries every IPv4 host's minimum of 576 bytes (RFC 791).</summary>
    public const int MinimumUnderlayMtu = 576 + MplsOverGreOverhead;

    internal static HostSettings Unknown { get; } = new(0, 1500, "");

    /// <summary>Largest packet of a tenant that fits the underlay in the usual tunnel, MPLS over GRE: what a VM is told.</summary>
    public int TenantMtu => TenantMtuOf(TunnelKind.MplsOverGre);

    /// <summary>Largest packet of a tenant that fits the underlay in a tunnel of a kind.</summary>
    public int TenantMtuOf(TunnelKind kind) => UnderlayMtu - OverheadOf(kind);

    internal static int OverheadOf(TunnelKind kind) => kind == TunnelKind.MplsOverUdp ? MplsOverUdpOverhead : MplsOverGreOverhead;

    internal static HostSettings From(HostConfig config) => new(config.TunnelSource, (int)config.UnderlayMtu, config.HostName);
}
