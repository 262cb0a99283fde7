using System.Runtime.InteropServices;

namespace Fabric.Model.Datapath;

/// <summary>
/// What the data plane says of a session, in <c>Records.flows</c>: 112 octets, numbers in the machine's own byte order, since the agent that reads them
/// is on the same machine. Addresses are IPv4, as numbers. Counts are of inner IP packets since the start of the session.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Octets)]
public struct FlowReport
{
    public const int Octets = 112;

    /// <summary>In place of an interface: that end is not on this host.</summary>
    public const uint NoVif = uint.MaxValue;

    /// <summary>Microseconds since 1970.</summary>
    [FieldOffset(0)]
    public long Time;

    /// <summary>Microseconds since 1970; the same in all reports of a session.</summary>
    [FieldOffset(8)]
    public long Started;

    /// <summary>Never that of another session of this data plane, over its restarts too, until the machine restarts.</summary>
    [FieldOffset(16)]
    public ulong Session;

    [FieldOffset(24)]
    public ulong SentPackets;

    [FieldOffset(32)]
    public ulong SentBytes;

    [FieldOffset(40)]
    public ulong ReceivedPackets;

    [FieldOffset(48)]
    public ulong ReceivedBytes;

    [FieldOffset(56)]
    public uint Initiator;

    [FieldOffset(60)]
    public uint Responder;

    /// <summary>Of ICMP: the identifier.</summary>
    [FieldOffset(64)]
    public ushort InitiatorPort;

    /// <summary>Of ICMP: the type.</summary>
    [FieldOffset(66)]
    public ushort ResponderPort;

    /// <summary>IANA number; 0 between blocks of addresses: any.</summary>
    [FieldOffset(68)]
    public byte Protocol;

    [FieldOffset(69)]
    public FlowReportEvent Event;

    [FieldOffset(70)]
    public bool IsDenied;

    /// <summary>Leading bits of the initiator's block of addresses; 32: one address.</summary>
    [FieldOffset(71)]
    public byte InitiatorLength;

    /// <summary>The same of the responder.</summary>
    [FieldOffset(72)]
    public byte ResponderLength;

    /// <summary>The initiator's interface, or <see cref="NoVif"/>.</summary>
    [FieldOffset(76)]
    public uint InitiatorVif;

    /// <summary>The responder's interface, or <see cref="NoVif"/>.</summary>
    [FieldOffset(80)]
    public uint ResponderVif;

    /// <summary>The VRF that the verdict was found in.</summary>
    [FieldOffset(84)]
    public uint Vrf;

    /// <summary>Number of the name GROUP/RULE; 0: none.</summary>
    [FieldOffset(88)]
    public uint Rule;

    /// <summary>Number of the name of the drop reason; 0: none.</summary>
    [FieldOffset(92)]
    public uint Reason;

    /// <summary>Number of the name of the network that the end which is not on this host is in; 0: both are here, or it is not known.</summary>
    [FieldOffset(96)]
    public uint RemoteNetwork;

    /// <summary>Underlay address of the host that the other end is on; 0: both are here, or it is not known.</summary>
    [FieldOffset(100)]
    public uint RemoteHost;

    /// <summary>This session stands for so many.</summary>
    [FieldOffset(104)]
    public uint Sampling;
}

public enum FlowReportEvent : byte
{
    Start = 1,
    Update = 2,
    End = 3,
}
