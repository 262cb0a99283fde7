using Fabric.Wire.Packets;

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

    public byte Protocol => kind == ProbeKind.Ping ? IpProtocol.Icmp : IpProtocol.Tcp;

    public uint Destination => destination;

    /// <summary>The ICMP identifier, or the TCP source port.</summary>
    public ushort Identifier => identifier;

    /// <summary>The TCP destination port.</summary>
    public ushort Port => port;

    /// <summary>Virtual time.</summary>
    public TimeSpan StartedAt { get; init; }

    public bool IsAnswered { get; set; }
}
