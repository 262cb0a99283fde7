namespace Fabric.Wire.Bgp;

/// <summary>How UPDATEs are written for the peers of one update group. The latest attribute set stays encoded, since routes come in the order of sets.</summary>
public sealed class UpdateEncoding(bool fourOctetAs, bool extendedMessages)
{
    private PathAttributes? _latest;
    private bool _latestWithNextHop;
    private byte[] _encoded = [];

    public bool FourOctetAs { get; } = fourOctetAs;

    public int MaxMessageBytes { get; } = extendedMessages ? MessageFrame.MaxExtendedBytes : MessageFrame.MaxBytes;

    /// <summary>The attributes without MP_REACH_NLRI; with NEXT_HOP only for prefixes in the message's own NLRI field.</summary>
    internal ReadOnlySpan<byte> Encode(PathAttributes attributes, bool withNextHop)
    {
        if (!ReferenceEquals(_latest, attributes) || _latestWithNextHop != withNextHop)
        {
            _encoded = AttributeEncoder.Encode(attributes, FourOctetAs, withNextHop);
            (_latest, _latestWithNextHop) = (attributes, withNextHop);
        }

        return _encoded;
    }
}
