namespace Fabric.FlowExport.Sflow;

/// <summary>
/// A flow sample with its two flow records (sFlow version 5, section 5): what is known of the packets as sampled_ipv4 or sampled_ipv6, and a header that is made of it,
/// as collectors look for addresses in headers alone.
/// <code>
/// format 1, length | sequence | source id | sampling rate | sample pool | drops | input | output | 2
/// format 3 or 4, length | length of the packet | protocol | source | destination | source port | destination port | TCP flags | TOS
/// format 1, length | header protocol | length of the frame | octets stripped | length of the header | header, padded to 4
/// </code>
/// Each is of 32 bits but the addresses and the header. Data formats have enterprise 0.
/// </summary>
internal static class SflowSample
{
    /// <summary>Octets that a sample has at most.</summary>
    public const int MaxLength = 8 + 32 + 8 + 56 + 8 + 16 + RebuiltHeader.MaxLength;

    private const uint FlowSample = 1;
    private const uint SampledHeader = 1;
    private const uint SampledIpv4 = 3;
    private const uint SampledIpv6 = 4;
    private const uint HeaderIpv4 = 11;
    private const uint HeaderIpv6 = 12;

    // The whole host, as an entity of the ENTITY-MIB: rows don't tell interfaces.
    private const uint Source = 2 << 24 | 1;
    private const uint UnknownInterface = 0;

    // The upper two bits say that the packet was discarded, the others why: access list (258).
    private const uint DiscardedByAcl = 1u << 30 | 258;

    /// <param name="sequence">Of the samples of this source.</param>
    /// <param name="rate">The packet stands for so many.</param>
    /// <param name="pool">Packets that samples up to this one stand for, modulo 2^32.</param>
    /// <param name="packetLength">Octets of the IP packet.</param>
    /// <returns>Octets written.</returns>
    public static int Write(Span<byte> octets, in Uniflow flow, uint sequence, uint rate, uint pool, uint packetLength)
    {
        Span<byte> header = stackalloc byte[RebuiltHeader.MaxLength];
        header = header[..RebuiltHeader.Write(header, flow, packetLength)];
        var packetRecord = flow.IsIpv6 ? 56 : 32;
        var headerRecord = 16 + header.Length;
        var writer = new OctetWriter(octets);
        writer.UInt32(FlowSample);
        writer.UInt32((uint)(32 + 8 + packetRecord + 8 + headerRecord));
        writer.UInt32(sequence);
        writer.UInt32(Source);
        writer.UInt32(rate);
        writer.UInt32(pool);
        writer.UInt32(0);
        writer.UInt32(UnknownInterface);
        writer.UInt32(flow.IsDenied ? DiscardedByAcl : UnknownInterface);
        writer.UInt32(2);
        WritePacket(ref writer, flow, packetRecord, packetLength);
        writer.UInt32(SampledHeader);
        writer.UInt32((uint)headerRecord);
        writer.UInt32(flow.IsIpv6 ? HeaderIpv6 : HeaderIpv4);
        writer.UInt32(packetLength);
        writer.UInt32(0);
        writer.UInt32((uint)header.Length);
        writer.Octets(header);
        return writer.Length;
    }

    private static void WritePacket(ref OctetWriter writer, in Uniflow flow, int length, uint packetLength)
    {
        var addressLength = flow.IsIpv6 ? 16 : 4;
        writer.UInt32(flow.IsIpv6 ? SampledIpv6 : SampledIpv4);
        writer.UInt32((uint)length);
        writer.UInt32(packetLength);
        writer.UInt32(flow.Row.Protocol);
        writer.Address(flow.Source.Address, addressLength);
        writer.Address(flow.Destination.Address, addressLength);
        writer.UInt32(flow.IsIcmp ? flow.IcmpType : flow.Source.Port);
        writer.UInt32(flow.IsIcmp ? 0u : flow.Destination.Port);
        writer.UInt32(0);
        writer.UInt32(0);
    }
}
