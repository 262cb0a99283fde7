using System.Buffers.Binary;
using Fabric.Datapath.Kernel.Tests.Equality;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Kernel.Tests.Punts;

/// <summary>Outer headers with what the programs leave to the pipeline.</summary>
internal static class OuterHeaders
{
    private const int LabelledAt = EthernetHeader.Size + Ipv4Header.Size + GreHeader.Size;
    private static readonly byte[] GreKey = [0x20, 0, 0x88, 0x47, 0, 0, 0, 9];

    /// <summary>A frame with the same packet in another tunnel.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="frame">MPLS over plain GRE.</param>
    public static byte[] Of(string kind, byte[] frame)
    {
        var labelled = frame.AsSpan(LabelledAt);
        return kind switch
        {
            "udp-checksum" => Frame(frame, IpProtocol.Udp, [], OverUdp(labelled)),
            "gre-key" => Frame(frame, IpProtocol.Gre, [], [.. GreKey, .. labelled]),
            "gre-checksum-key" => Frame(frame, IpProtocol.Gre, [], OverGreWithChecksum(labelled)),
            // Four times "no operation" (RFC 791 section 3.1).
            "ipv4-options" => Frame(frame, IpProtocol.Gre, [1, 1, 1, 1], frame.AsSpan(LabelledAt - GreHeader.Size)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such tunnel"),
        };
    }

    private static byte[] OverUdp(ReadOnlySpan<byte> labelled)
    {
        byte[] datagram = [.. new byte[UdpHeader.Size], .. labelled];
        UdpHeader.Write(datagram, 50_000, UdpPort.MplsOverUdp, RandomTables.OuterSources[0], RandomTables.TunnelSource);
        return datagram;
    }

    private static byte[] OverGreWithChecksum(ReadOnlySpan<byte> labelled)
    {
        byte[] gre = [0xA0, 0, 0x88, 0x47, 0, 0, 0, 0, 0, 0, 0, 9, .. labelled];
        BinaryPrimitives.WriteUInt16BigEndian(gre.AsSpan(GreHeader.Size), InternetChecksum.Compute(gre));
        return gre;
    }

    private static byte[] Frame(ReadOnlySpan<byte> ethernet, byte protocol, byte[] options, ReadOnlySpan<byte> payload)
    {
        byte[] frame = [.. ethernet[..EthernetHeader.Size], .. new byte[Ipv4Header.Size], .. options, .. payload];
        var outer = frame.AsSpan(EthernetHeader.Size);
        Ipv4Header.Write(
            outer,
            outer.Length,
            7,
            Ipv4Header.DontFragment,
            64,
            protocol,
            RandomTables.OuterSources[0],
            RandomTables.TunnelSource
        );
        var header = outer[..(Ipv4Header.Size + options.Length)];
        header[0] = (byte)(0x40 | header.Length / 4);
        Ipv4Header.WriteChecksum(header);
        return frame;
    }
}
