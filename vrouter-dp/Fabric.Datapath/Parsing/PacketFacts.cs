using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>What the pipeline reads of a tenant's IPv4 packet, once.</summary>
internal struct PacketFacts
{
    public uint Source;
    public uint Destination;
    public int HeaderLength;
    public int TotalLength;
    public byte Protocol;
    public byte TimeToLive;
    public byte IcmpType;
    public TcpFlags Tcp;

    /// <summary>Of a TCP segment that is not fragmented.</summary>
    public TcpSegment Segment;
    public bool DontFragment;
    public bool IsFragment;
    public bool IsLaterFragment;
    public ushort Identification;

    /// <summary>Ports as <see cref="FlowKey"/> has them.</summary>
    public ushort SourcePort;
    public ushort DestinationPort;

    /// <summary>An ICMP error quotes a packet; the flow that it belongs to is that of the answers to the quoted packet.</summary>
    public bool IsIcmpError;
    public FlowKey QuotedReverse;

    public readonly bool OpensConnection => (Tcp & (TcpFlags.Syn | TcpFlags.Acknowledgment | TcpFlags.Reset)) == TcpFlags.Syn;

    /// <summary>A TCP segment in the midst of a connection.</summary>
    public readonly bool IsMidstream => Protocol == IpProtocol.Tcp && !OpensConnection;

    public readonly FlowKey KeyAt(uint nextHop) => new(nextHop, Source, Destination, SourcePort, DestinationPort, Protocol);
}
