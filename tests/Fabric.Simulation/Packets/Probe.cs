namespace Fabric.Simulation.Packets;

public enum ProbeKind
{
    /// <summary>An ICMP echo and its reply.</summary>
    Ping,

    /// <summary>A SYN and its SYN-ACK.</summary>
    Connect,
}

/// <summary>One attempt of an endpoint to reach another; each is a connection of its own to the data planes.</summary>
internal sealed class Probe(ProbeKind kind, uint destination, ushort identifier, ushort port)
{
    public ProbeKind Kind => kind;

    public uint Destination => destination;

    /// <summary>The ICMP identifier, or the TCP source port.</summary>
    public ushort Identifier => identifier;

    /// <summary>The TCP destination port.</summary>
    public ushort Port => port;

    public bool IsAnswered { get; set; }
}
