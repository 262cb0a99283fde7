using System.Buffers.Binary;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Tests;

/// <summary>Datagrams between any addresses and ports.</summary>
internal static class Datagram
{
    /// <summary>As the VM of 10.1.0.11 or of 10.1.0.12 sends it.</summary>
    public static byte[] Frame(string source, string destination, ushort sourcePort, ushort port) =>
        Frame(Host.Address(source), Host.Address(destination), sourcePort, port);

    public static byte[] Frame(uint source, uint destination, ushort sourcePort, ushort port)
    {
        var frame = Golden.UdpToNeighbour;
        frame[11] = (byte)(source == Host.Address("10.1.0.12") ? 2 : 1);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(26), source);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(30), destination);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(34), sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(36), port);
        Ipv4Header.WriteChecksum(frame.AsSpan(14, Ipv4Header.Size));
        UdpHeader.WriteChecksum(frame.AsSpan(34), source, destination);
        return frame;
    }

    /// <summary>As the host 192.0.2.2 sends it for vif 1.</summary>
    public static byte[] FromUnderlay(string source, string destination, ushort sourcePort, ushort port)
    {
        const int Outer = 28;
        var packet = Frame(source, destination, sourcePort, port)[EthernetHeader.Size..];
        byte[] outer = [.. Golden.PongFromRemoteInTunnel[..Outer], .. packet];
        BinaryPrimitives.WriteUInt16BigEndian(outer.AsSpan(2), (ushort)outer.Length);
        Ipv4Header.WriteChecksum(outer.AsSpan(0, Ipv4Header.Size));
        return outer;
    }
}
