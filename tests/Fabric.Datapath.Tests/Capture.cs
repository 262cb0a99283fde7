namespace Fabric.Datapath.Tests;

/// <summary>Keeps what the pipeline put out.</summary>
internal sealed class Capture : IPacketOutput
{
    public List<(uint Vif, byte[] Frame, PacketOffload Offload)> Vifs { get; } = [];

    public List<byte[]> Uplink { get; } = [];

    public int Count => Vifs.Count + Uplink.Count;

    public void ToVif(uint vif, ReadOnlySpan<byte> frame, in PacketOffload offload) => Vifs.Add((vif, frame.ToArray(), offload));

    public void ToUplink(ReadOnlySpan<byte> outerIpv4Packet) => Uplink.Add(outerIpv4Packet.ToArray());
}
