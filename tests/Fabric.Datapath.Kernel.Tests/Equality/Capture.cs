namespace Fabric.Datapath.Kernel.Tests.Equality;

/// <summary>What left the host for one packet, as text that can be compared: where to and which bytes.</summary>
internal sealed class Capture : IPacketOutput
{
    public List<string> Sent { get; } = [];

    public static string Vif(uint vif, ReadOnlySpan<byte> frame) => $"vif {vif} {Convert.ToHexString(frame)}";

    public static string Uplink(ReadOnlySpan<byte> packet) => $"uplink {Convert.ToHexString(packet)}";

    public void ToVif(uint vif, ReadOnlySpan<byte> frame, in PacketOffload offload) => Sent.Add(Vif(vif, frame));

    public void ToUplink(ReadOnlySpan<byte> outerIpv4Packet) => Sent.Add(Uplink(outerIpv4Packet));
}
