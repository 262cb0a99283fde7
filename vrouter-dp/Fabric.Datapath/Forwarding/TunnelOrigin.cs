using Fabric.Model.Datapath;

namespace Fabric.Datapath;

/// <summary>The host of the underlay that sent a packet, and how it was put into its tunnel.</summary>
internal readonly record struct TunnelOrigin(uint Host, TunnelKind Kind);
