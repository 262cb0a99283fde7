using System.Buffers.Binary;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Kernel.Tests.Equality;

/// <summary>What left the host for one packet, as text that can be compared: where to and which bytes.</summary>
internal sealed class Capture : IPacketOutput
{
    public List<string> Sent { get; } = [];

    public static string Vif(uint vif, ReadOnlySpan<byte> frame) => $"vif {vif} {Convert.ToHexString(frame)}";

    /// <summary>The identification of an outer header is whatever its sender likes (RFC 6864 section 4.1), so it is not compared.</summary>
    public static string Uplink(ReadOnlySpan<byte> packet)
    {
        var copy = packet.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(4), 0);
        Ipv4Header.WriteChecksum(copy.AsSpan(0, Ipv4Header.Size));
        return $"uplink {Convert.ToHexString(copy)}{(Ipv4Header.TryRead(packet, out var ipv4) && ipv4.HasValidChecksum ? "" : " bad checksum")}";
    }

    public void ToVif(uint vif, ReadOnlySpan<byte> frame, in PacketOffload offload) => Sent.Add(Vif(vif, frame));

    public void ToUplink(ReadOnlySpan<byte> outerIpv4Packet) => Sent.Add(Uplink(outerIpv4Packet));
}
