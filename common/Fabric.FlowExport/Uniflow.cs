using Fabric.Analytics;
using Fabric.Primitives;
using Fabric.Wire.Packets;

namespace Fabric.FlowExport;

/// <summary>What went one way through a session (RFC 5103 section 2) since it was reported last: a row seen from one of its ends.</summary>
internal readonly ref struct Uniflow(ref readonly FlowRow row, bool isReverse, ulong packets, ulong octets, long start, long end)
{
    private const byte Icmpv6 = 58;

    private readonly ref readonly FlowRow _row = ref row;

    /// <summary>The row of both ways.</summary>
    public ref readonly FlowRow Row => ref _row;

    /// <summary>From the responder to the initiator.</summary>
    public bool IsReverse => isReverse;

    public ulong Packets => packets * Weight;

    /// <summary>Of IP packets, their headers included.</summary>
    public ulong Octets => octets * Weight;

    /// <summary>Microseconds since 1970.</summary>
    public long Start => start;

    /// <summary>Microseconds since 1970.</summary>
    public long End => end;

    /// <summary>How many sessions the row stands for, summed up or left out by sampling.</summary>
    public ulong Sessions => Math.Max(1, _row.Sessions) * Weight;

    public FlowRowEndpoint Source => isReverse ? _row.Responder : _row.Initiator;

    public FlowRowEndpoint Destination => isReverse ? _row.Initiator : _row.Responder;

    public bool IsIpv6 => _row.Initiator.Address.Kind == AddressKind.Ipv6 || _row.Responder.Address.Kind == AddressKind.Ipv6;

    public bool IsIcmp => _row.Protocol is IpProtocol.Icmp or Icmpv6;

    public bool IsDenied => _row.Action == FlowAction.Deny;

    public bool IsTranslated => !_row.TranslatedInitiator.IsNone || !_row.TranslatedResponder.IsNone;

    /// <summary>What the packets' source is changed to; the source itself where it is not.</summary>
    public FlowRowEndpoint TranslatedSource => isReverse ? TranslatedResponder : TranslatedInitiator;

    /// <summary>What the packets' destination is changed to; the destination itself where it is not.</summary>
    public FlowRowEndpoint TranslatedDestination => isReverse ? TranslatedInitiator : TranslatedResponder;

    /// <summary>Rows have a session's first type: the answers of the other end are taken to be those that belong to it (RFC 792, RFC 4443).</summary>
    public byte IcmpType =>
        ((byte)_row.Responder.Port, isReverse) switch
        {
            (8, true) => 0,
            (13, true) => 14,
            (128, true) => 129,
            var (type, _) => type,
        };

    /// <summary>Sampled one of so many: each that was taken stands for the others.</summary>
    private ulong Weight => Math.Max(1, _row.Sampling);

    private FlowRowEndpoint TranslatedInitiator => Translated(_row.Initiator, _row.TranslatedInitiator, _row.TranslatedInitiatorPort);

    private FlowRowEndpoint TranslatedResponder => Translated(_row.Responder, _row.TranslatedResponder, _row.TranslatedResponderPort);

    private static FlowRowEndpoint Translated(FlowRowEndpoint own, IpAddress address, ushort port) =>
        address.IsNone ? own : new FlowRowEndpoint(address, port, null, null);
}
