namespace Fabric.Datapath;

/// <summary>Where a packet came in: from its virtual interface, or from a host of the underlay.</summary>
internal readonly record struct PacketOrigin(bool IsUplink, uint OuterSource)
{
    public static PacketOrigin Vif => default;

    public static PacketOrigin Uplink(uint outerSource) => new(IsUplink: true, outerSource);
}
