namespace Fabric.Datapath;

/// <summary>A TCP segment's place in its connection (RFC 9293 section 3.4).</summary>
internal struct TcpSegment
{
    public uint Sequence;
    public uint Acknowledgment;

    /// <summary>Sequence numbers that it takes: its data, and one each for SYN and FIN.</summary>
    public uint Length;
    public ushort Window;

    /// <summary>Window scale of a SYN; 0 without the option.</summary>
    public byte Scale;
}
