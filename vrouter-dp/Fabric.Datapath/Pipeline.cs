namespace Fabric.Datapath;

/// <summary>The data plane: packets in, packets out. Owned by one loop, which gives it the time and applies batches to its tables in between.</summary>
public sealed class Pipeline(DatapathTables tables, FlowTable flows, PipelineOptions options)
{
    private readonly DropLog drops = new(options.RecentDropCapacity);
    private readonly FlowAgeing ageing = new(tables, flows, options);

    public DatapathTables Tables => tables;

    public FlowTable Flows => flows;

    public DropLog Drops => drops;

    /// <summary>Takes an Ethernet frame that a VM sent. The buffer is the pipeline's until it returns.</summary>
    public void FromVif(uint vif, ref PacketBuffer frame, in PacketOffload offload, long nowMilliseconds, IPacketOutput output) =>
        drops.Count(DropReason.UnknownVif, vif: null, nowMilliseconds);

    /// <summary>Takes an IPv4 packet of the underlay, from its outer header on.</summary>
    public void FromUplink(ref PacketBuffer packet, long nowMilliseconds, IPacketOutput output) =>
        drops.Count(DropReason.NotOurTunnel, vif: null, nowMilliseconds);

    /// <summary>Removes flows that were idle too long, some entries in each call; call it every 100 milliseconds or so.</summary>
    public void Age(long nowMilliseconds) => ageing.Run(nowMilliseconds);
}
