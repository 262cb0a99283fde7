using System.Diagnostics;
using Fabric.Analytics;

namespace Fabric.FlowExport.Ipfix;

/// <summary>A data record (RFC 7011 section 3.4.3): the values of a template's fields, in its order.</summary>
internal static class IpfixRecord
{
    /// <summary>Octets that a record has at most.</summary>
    public const int MaxLength = FixedLength + 3 * (1 + MaxNameOctets);

    private const int FixedLength = 144;

    // Fully qualified names of networks are the longest.
    private const int MaxNameOctets = 250;

    // RFC 5102 section 5.11.3.
    private const byte ActiveTimeout = 2;
    private const byte EndOfFlow = 3;

    // RFC 5103 section 6.3.
    private const byte Initiator = 1;
    private const byte ReverseInitiator = 2;

    // RFC 7270 section 4.12: two bits of status, six of the reason.
    private const byte Forwarded = 0x40;
    private const byte Dropped = 0x80;
    private const byte DroppedByAcl = 0x81;

    private const long MicrosecondsPerMillisecond = 1000;

    /// <param name="flow">The record's way.</param>
    /// <param name="reverse">The way back, of which a record of both has counts.</param>
    /// <returns>Octets written.</returns>
    public static int Write(Span<byte> octets, IpfixTemplate template, in Uniflow flow, in Uniflow reverse)
    {
        var writer = new OctetWriter(octets);
        var names = 0;
        foreach (var field in template.Fields)
        {
            switch (field.Element)
            {
                case InformationElement.FlowStartMilliseconds:
                    writer.UInt64((ulong)(flow.Start / MicrosecondsPerMillisecond));
                    break;
                case InformationElement.FlowEndMilliseconds:
                    writer.UInt64((ulong)(flow.End / MicrosecondsPerMillisecond));
                    break;
                case InformationElement.SourceIPv4Address or InformationElement.SourceIPv6Address:
                    writer.Address(flow.Source.Address, field.Length);
                    break;
                case InformationElement.DestinationIPv4Address or InformationElement.DestinationIPv6Address:
                    writer.Address(flow.Destination.Address, field.Length);
                    break;
                case InformationElement.SourceIPv4PrefixLength or InformationElement.SourceIPv6PrefixLength:
                    writer.Octet(PrefixLength(flow.Source, flow.IsIpv6));
                    break;
                case InformationElement.DestinationIPv4PrefixLength or InformationElement.DestinationIPv6PrefixLength:
                    writer.Octet(PrefixLength(flow.Destination, flow.IsIpv6));
                    break;
                case InformationElement.ProtocolIdentifier:
                    writer.Octet(flow.Row.Protocol);
                    break;
                case InformationElement.SourceTransportPort:
                    writer.UInt16(flow.Source.Port);
                    break;
                case InformationElement.DestinationTransportPort:
                    writer.UInt16(flow.Destination.Port);
                    break;
                case InformationElement.IcmpTypeCodeIPv4 or InformationElement.IcmpTypeCodeIPv6:
                    writer.UInt16((ushort)(flow.IcmpType << 8));
                    break;
                case InformationElement.PostNatSourceIPv4Address or InformationElement.PostNatSourceIPv6Address:
                    writer.Address(flow.TranslatedSource.Address, field.Length);
                    break;
                case InformationElement.PostNatDestinationIPv4Address or InformationElement.PostNatDestinationIPv6Address:
                    writer.Address(flow.TranslatedDestination.Address, field.Length);
                    break;
                case InformationElement.PostNaptSourceTransportPort:
                    writer.UInt16(flow.TranslatedSource.Port);
                    break;
                case InformationElement.PostNaptDestinationTransportPort:
                    writer.UInt16(flow.TranslatedDestination.Port);
                    break;
                case InformationElement.OctetDeltaCount:
                    writer.UInt64(field.IsReverse ? reverse.Octets : flow.Octets);
                    break;
                case InformationElement.PacketDeltaCount:
                    writer.UInt64(field.IsReverse ? reverse.Packets : flow.Packets);
                    break;
                case InformationElement.DeltaFlowCount:
                    writer.UInt32((uint)Math.Min(flow.Sessions, uint.MaxValue));
                    break;
                case InformationElement.FlowId:
                    writer.UInt64(flow.Row.Session);
                    break;
                case InformationElement.FlowEndReason:
                    writer.Octet(flow.Row.Event == FlowEvent.End ? EndOfFlow : ActiveTimeout);
                    break;
                case InformationElement.BiflowDirection:
                    writer.Octet(flow.IsReverse ? ReverseInitiator : Initiator);
                    break;
                case InformationElement.FirewallEvent:
                    writer.Octet(FirewallEvent(flow));
                    break;
                case InformationElement.ForwardingStatus:
                    writer.Octet(ForwardingStatus(flow));
                    break;
                case InformationElement.VrfName:
                    writer.Text(flow.Row.Vrf, MaxNameOctets);
                    break;
                case InformationElement.VirtualStationName:
                    // The same element twice stands in the order of the packet's way (RFC 7011 section 8): source, then destination.
                    writer.Text(names++ == 0 ? flow.Source.Machine : flow.Destination.Machine, MaxNameOctets);
                    break;
                default:
                    throw new UnreachableException();
            }
        }

        return writer.Length;
    }

    private static byte PrefixLength(in FlowRowEndpoint end, bool isIpv6) =>
        end.PrefixLength > 0 ? end.PrefixLength
        : isIpv6 ? (byte)128
        : (byte)32;

    // IANA, IPFIX firewallEvent: created, deleted, denied, update.
    private static byte FirewallEvent(in Uniflow flow) =>
        (flow.IsDenied, flow.Row.Event) switch
        {
            (true, _) => 3,
            (_, FlowEvent.Start) => 1,
            (_, FlowEvent.End) => 2,
            _ => 5,
        };

    private static byte ForwardingStatus(in Uniflow flow) =>
        !flow.IsDenied ? Forwarded
        : flow.Row.Rule is null && flow.Row.Policy is null ? Dropped
        : DroppedByAcl;
}
