namespace Fabric.Datapath;

/// <summary>What a security group is asked about: the first packet of a connection, from the side that opened it.</summary>
/// <param name="Source">Source address.</param>
/// <param name="Destination">Destination address.</param>
/// <param name="Protocol">IP protocol.</param>
/// <param name="HasPort">The protocol has ports (or it is ICMP, whose type stands for one).</param>
/// <param name="DestinationPort">Destination port, or the ICMP type.</param>
internal readonly record struct PolicySubject(uint Source, uint Destination, byte Protocol, bool HasPort, ushort DestinationPort);
