namespace Fabric.Wire.Packets;

/// <summary>Well-known UDP ports.</summary>
public static class UdpPort
{
    public const ushort DhcpServer = 67;
    public const ushort DhcpClient = 68;

    /// <summary>VXLAN (RFC 7348).</summary>
    public const ushort Vxlan = 4789;

    /// <summary>MPLS over UDP (RFC 7510).</summary>
    public const ushort MplsOverUdp = 6635;
}
