using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// What an EVPN route says beside its <see cref="EvpnKey"/>, in 40 bytes: the labels of types 1, 2 and 5, the Ethernet segment of types
/// 2 and 5, the second label (RFC 9135) of type 2 and the gateway of type 5.
/// <para>Labels are the three octets as a number: a label in the upper 20 bits for MPLS, a VNI of 24 bits for VXLAN.</para>
/// </summary>
public readonly record struct EvpnData
{
    private readonly ulong _segmentTail;
    private readonly ulong _gatewayHigh;
    private readonly ulong _gatewayLow;
    private readonly uint _label;
    private readonly uint _secondLabel;
    private readonly ushort _segmentHead;
    private readonly byte _gatewayKind;
    private readonly bool _hasSecondLabel;

    public EvpnData(uint label, EthernetSegmentId segment = default, uint? secondLabel = null, IpAddress gateway = default)
    {
        _label = label;
        _segmentHead = segment.Head;
        _segmentTail = segment.Tail;
        _secondLabel = secondLabel.GetValueOrDefault();
        _hasSecondLabel = secondLabel.HasValue;
        _gatewayHigh = (ulong)(gateway.Bits >> 64);
        _gatewayLow = (ulong)gateway.Bits;
        _gatewayKind = (byte)gateway.Kind;
    }

    public uint LabelField => _label;

    public uint? SecondLabelField => _hasSecondLabel ? _secondLabel : null;

    public EthernetSegmentId Segment => new(_segmentHead, _segmentTail);

    /// <summary>The gateway; none where the field is zero or the type has no such field.</summary>
    public IpAddress Gateway =>
        (AddressKind)_gatewayKind switch
        {
            AddressKind.Ipv4 => IpAddress.FromIpv4((uint)_gatewayLow),
            AddressKind.Ipv6 => IpAddress.FromIpv6(new UInt128(_gatewayHigh, _gatewayLow)),
            _ => default,
        };
}
