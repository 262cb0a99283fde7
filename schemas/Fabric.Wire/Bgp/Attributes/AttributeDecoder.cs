using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>Makes a <see cref="PathAttributes"/> of a block. Each attribute's form and fault are those of RFC 7606 section 7.</summary>
internal ref struct AttributeDecoder(UpdateContext context)
{
    private PathAttributes _set = PathAttributes.Empty;
    private UInt128 _seenLow;
    private UInt128 _seenHigh;
    private AsPath? _as4Path;
    private Aggregator? _as4Aggregator;
    private List<UnknownAttribute>? _unknown;

    public UpdateFault? Fault { get; private set; }

    public void Fail(AttributeFault fault, AttributeType type, string reason) =>
        Fault = UpdateFault.Worse(Fault, UpdateFault.Of(fault, type, reason));

    public PathAttributes Decode(
        scoped in AttributeBlock block,
        scoped ReadOnlySpan<byte> mpNextHop,
        bool isVpn,
        bool requireMandatory = true
    )
    {
        var reader = new AttributeReader(block.Bytes);
        while (reader.Read())
        {
            if (reader.Type is AttributeType.MpReachNlri or AttributeType.MpUnreachNlri)
            {
                continue;
            }

            if (!FirstOf(reader.Type))
            {
                // RFC 7606 section 3 (g): the first one counts.
                Fail(AttributeFault.Discard, reader.Type, "appears twice");
            }
            else if (IsOfUse(reader.Type, mpNextHop) && FlagsAreRight(reader.Flags, reader.Type))
            {
                Take(reader);
                NotePartial(reader);
            }
        }

        if (requireMandatory)
        {
            Require(AttributeType.Origin);
            Require(AttributeType.AsPath);
        }

        MergeFourOctetNumbers();
        if (_unknown is not null)
        {
            _set = _set with { Unknown = [.. _unknown] };
        }

        return !mpNextHop.IsEmpty && MpNlri.TryReadNextHop(mpNextHop, isVpn, out var nextHop) ? _set with { NextHop = nextHop } : _set;
    }

    private void Take(scoped in AttributeReader reader)
    {
        var value = reader.Value;
        switch (reader.Type)
        {
            case AttributeType.Origin:
                if (HasForm(value.Length == 1 && value[0] <= (byte)Origin.Incomplete, reader.Type))
                {
                    _set = _set with { Origin = (Origin)value[0] };
                }

                break;
            case AttributeType.AsPath:
                if (HasForm(TryReadPath(value, out var path), reader.Type))
                {
                    _set = _set with { AsPath = path };
                }

                break;
            case AttributeType.NextHop:
                if (HasForm(AttributeForm.IsNextHop(value), reader.Type))
                {
                    _set = _set with { NextHop = IpAddress.Read(value) };
                }

                break;
            case AttributeType.MultiExitDisc:
                if (HasForm(value.Length == 4, reader.Type))
                {
                    _set = _set with { MultiExitDisc = BinaryPrimitives.ReadUInt32BigEndian(value) };
                }

                break;
            case AttributeType.LocalPref:
                if (IsInternalOnly(reader.Type) && HasForm(value.Length == 4, reader.Type))
                {
                    _set = _set with { LocalPref = BinaryPrimitives.ReadUInt32BigEndian(value) };
                }

                break;
            case AttributeType.AtomicAggregate:
                if (HasForm(value.IsEmpty, reader.Type, AttributeFault.Discard))
                {
                    _set = _set with { AtomicAggregate = true };
                }

                break;
            case AttributeType.Aggregator:
                if (HasForm(TryReadAggregator(value, context.FourOctetAs, out var aggregator), reader.Type, AttributeFault.Discard))
                {
                    _set = _set with { Aggregator = aggregator };
                }

                break;
            case AttributeType.OriginatorId:
                if (IsInternalOnly(reader.Type) && HasForm(value.Length == 4, reader.Type))
                {
                    _set = _set with { OriginatorId = new BgpIdentifier(BinaryPrimitives.ReadUInt32BigEndian(value)) };
                }

                break;
            case AttributeType.ClusterList:
                if (IsInternalOnly(reader.Type) && HasForm(AttributeForm.IsListOf(value, 4), reader.Type))
                {
                    _set = _set with { ClusterList = [.. UInt32s(value)] };
                }

                break;
            case AttributeType.As4Path:
                if (
                    !context.FourOctetAs
                    && HasForm(AsPathCodec.TryDecode(value, true, out var as4Path), reader.Type, AttributeFault.Discard)
                )
                {
                    _as4Path = as4Path.WithoutConfederation();
                }

                break;
            case AttributeType.As4Aggregator:
                if (!context.FourOctetAs && HasForm(TryReadAggregator(value, true, out var as4), reader.Type, AttributeFault.Discard))
                {
                    _as4Aggregator = as4;
                }

                break;
            default:
                TakeOptional(reader);
                break;
        }
    }

    private void TakeOptional(scoped in AttributeReader reader)
    {
        var value = reader.Value;
        switch (reader.Type)
        {
            case AttributeType.Communities:
                if (HasForm(AttributeForm.IsListOf(value, 4), reader.Type))
                {
                    _set = _set with { Communities = Ordered(UInt32s(value)) };
                }

                break;
            case AttributeType.ExtendedCommunities:
                if (HasForm(AttributeForm.IsListOf(value, 8), reader.Type))
                {
                    _set = _set with { ExtendedCommunities = Ordered(CommunityValues.Extended(value)) };
                }

                break;
            case AttributeType.LargeCommunities:
                if (HasForm(AttributeForm.IsListOf(value, 12), reader.Type))
                {
                    _set = _set with { LargeCommunities = Ordered(CommunityValues.Large(value)) };
                }

                break;
            case AttributeType.PmsiTunnel:
                if (HasForm(AttributeForm.IsPmsiTunnel(value), reader.Type))
                {
                    _set = _set with { PmsiTunnel = new(value[0], value[1], LabelField.Raw(value[2..]), [.. value[5..]]) };
                }

                break;
            case AttributeType.TunnelEncapsulation:
                TakeTunnels(value);
                break;
            case AttributeType.Ipv6ExtendedCommunities:
                if (HasForm(AttributeForm.IsListOf(value, 20), reader.Type))
                {
                    _set = _set with { Ipv6ExtendedCommunities = EquatableArray.Create(value) };
                }

                break;
            case AttributeType.OnlyToCustomer:
                if (HasForm(value.Length == 4, reader.Type))
                {
                    _set = _set with { OnlyToCustomer = new AsNumber(BinaryPrimitives.ReadUInt32BigEndian(value)) };
                }

                break;
            case AttributeType.PrefixSid:
                if (IsInternalOnly(reader.Type) && HasForm(AttributeForm.IsPrefixSid(value), reader.Type, AttributeFault.Discard))
                {
                    _set = _set with { PrefixSid = EquatableArray.Create(value) };
                }

                break;
            default:
                TakeUnknown(reader);
                break;
        }
    }

    /// <summary>RFC 9012 section 13: a tunnel without an endpoint is left out; an attribute without a tunnel, or one that overruns, is malformed.</summary>
    private void TakeTunnels(ReadOnlySpan<byte> value)
    {
        var keptBytes = 0;
        var reader = new TunnelReader(value);
        while (reader.Read())
        {
            keptBytes += reader.HasEndpoint ? reader.Bytes.Length : 0;
        }

        if (!HasForm(!reader.IsOverrun && keptBytes > 0, AttributeType.TunnelEncapsulation))
        {
            return;
        }

        _set = _set with { TunnelEncapsulation = keptBytes == value.Length ? EquatableArray.Create(value) : Kept(value, keptBytes) };
    }

    private EquatableArray<byte> Kept(ReadOnlySpan<byte> tunnels, int keptBytes)
    {
        Fail(AttributeFault.Discard, AttributeType.TunnelEncapsulation, "has a tunnel without one egress endpoint");
        var kept = new List<byte>(keptBytes);
        var reader = new TunnelReader(tunnels);
        while (reader.Read())
        {
            if (reader.HasEndpoint)
            {
                kept.AddRange(reader.Bytes);
            }
        }

        return [.. kept];
    }

    private void TakeUnknown(scoped in AttributeReader reader)
    {
        if ((reader.Flags & AttributeFlags.Optional) == AttributeFlags.None)
        {
            Fault = UpdateFault.Worse(
                Fault,
                UpdateFault.Reset((byte)reader.Type, "unknown and well-known", UpdateErrorSubcode.UnrecognizedWellKnownAttribute)
            );
        }
        else if ((reader.Flags & AttributeFlags.Transitive) != AttributeFlags.None)
        {
            _unknown ??= [];
            _unknown.Add(
                new(
                    (byte)((reader.Flags & ~AttributeFlags.ExtendedLength) | AttributeFlags.Partial),
                    (byte)reader.Type,
                    EquatableArray.Create(reader.Value)
                )
            );
        }
    }

    private void NotePartial(scoped in AttributeReader reader)
    {
        if ((reader.Flags & AttributeFlags.Partial) != AttributeFlags.None && AttributeKinds.CanBePartial(reader.Type))
        {
            _set = _set with { Partial = [.. _set.Partial.Append(reader.Type).Order()] };
        }
    }

    // RFC 4760 section 3: NEXT_HOP is ignored, whatever it says, where the next hop is that of MP_REACH_NLRI.
    private static bool IsOfUse(AttributeType type, ReadOnlySpan<byte> mpNextHop) => type != AttributeType.NextHop || mpNextHop.IsEmpty;

    private bool FlagsAreRight(AttributeFlags flags, AttributeType type)
    {
        const AttributeFlags kind = AttributeFlags.Optional | AttributeFlags.Transitive;
        if (AttributeKinds.Of(type) is { } expected && (flags & kind) != expected)
        {
            // RFC 7606 section 3 (c); no attribute's RFC asks for another approach.
            Fail(AttributeFault.TreatAsWithdraw, type, "wrong flags");
            return false;
        }

        return true;
    }

    private bool FirstOf(AttributeType type)
    {
        var bit = UInt128.One << ((byte)type & 127);
        ref var seen = ref (byte)type < 128 ? ref _seenLow : ref _seenHigh;
        var first = (seen & bit) == 0;
        seen |= bit;
        return first;
    }

    private void Require(AttributeType type)
    {
        if ((_seenLow & UInt128.One << (byte)type) == 0)
        {
            // RFC 7606 section 3 (d).
            Fail(AttributeFault.TreatAsWithdraw, type, "missing");
        }
    }

    private bool HasForm(bool isRight, AttributeType type, AttributeFault fault = AttributeFault.TreatAsWithdraw)
    {
        if (!isRight)
        {
            Fail(fault, type, "malformed");
        }

        return isRight;
    }

    // RFC 7606 sections 7.5, 7.9 and 7.10, RFC 8669 section 4: from another AS these are dropped whatever their form.
    private bool IsInternalOnly(AttributeType type)
    {
        if (!context.IsInternal)
        {
            Fail(AttributeFault.Discard, type, "came from another AS");
        }

        return context.IsInternal;
    }

    // RFC 6793 section 4.2.3.
    private void MergeFourOctetNumbers()
    {
        var old = _set.Aggregator;
        if (old is not null && _as4Aggregator is not null && old.AsNumber.Value != AsNumber.Trans)
        {
            return;
        }

        if (old is not null && _as4Aggregator is not null)
        {
            _set = _set with { Aggregator = _as4Aggregator };
        }

        if (_as4Path is not null)
        {
            _set = _set with { AsPath = AsPathCodec.Merge(_set.AsPath, _as4Path) };
        }
    }

    // RFC 5065 section 5: confederation segments come from a member of ours alone, of which one in another AS is none.
    private readonly bool TryReadPath(ReadOnlySpan<byte> value, out AsPath path) =>
        AsPathCodec.TryDecode(value, context.FourOctetAs, out path) && (context.IsInternal || !path.HasConfederation);

    private static bool TryReadAggregator(ReadOnlySpan<byte> value, bool fourOctets, out Aggregator? aggregator)
    {
        aggregator = null;
        if (value.Length != (fourOctets ? 8 : 6))
        {
            return false;
        }

        var number = fourOctets ? BinaryPrimitives.ReadUInt32BigEndian(value) : BinaryPrimitives.ReadUInt16BigEndian(value);
        aggregator = new(new AsNumber(number), IpAddress.Read(value[^4..]));

        // RFC 7607 section 2.
        return number != 0;
    }

    private static uint[] UInt32s(ReadOnlySpan<byte> value)
    {
        var items = new uint[value.Length / 4];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = BinaryPrimitives.ReadUInt32BigEndian(value[(4 * i)..]);
        }

        return items;
    }

    private static EquatableArray<T> Ordered<T>(T[] items) => [.. items.Distinct().Order()];
}
