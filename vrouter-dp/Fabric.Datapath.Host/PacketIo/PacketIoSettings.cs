using Fabric.Primitives;

namespace Fabric.Datapath.Host.PacketIo;

/// <summary>What packet I/O is to be attached to.</summary>
/// <param name="TunnelSource">The host's underlay IPv4 address as a number; 0 until the agent has told it: nothing is taken from the uplink.</param>
/// <param name="Vifs">The virtual interfaces, in the order of their ids.</param>
/// <param name="Tunnels">The next hops that are tunnels, in the order of their ids.</param>
public sealed record PacketIoSettings(uint TunnelSource, EquatableArray<VifAttachment> Vifs, EquatableArray<TunnelAttachment> Tunnels);

/// <summary>The device behind a virtual interface: the host end of a veth pair, or a tap.</summary>
/// <param name="Vif">The interface.</param>
/// <param name="Device">Its name.</param>
/// <param name="BeganAt">Tells the interface from others that had its number before: <see cref="DatapathTables.BeganAt"/>.</param>
public sealed record VifAttachment(uint Vif, string Device, long BeganAt);

/// <summary>A next hop whose far end is reached through the underlay; its IPv4 address as a number.</summary>
public readonly record struct TunnelAttachment(uint NextHop, uint Destination);
