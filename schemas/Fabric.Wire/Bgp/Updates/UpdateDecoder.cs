using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// Reads UPDATEs of one session (RFC 4271 section 4.3) with the error handling of RFC 7606:
/// <code>
/// | withdrawn routes' length (2) | withdrawn routes | path attributes' length (2) | path attributes | NLRI |
/// </code>
/// A malformed message never throws; <see cref="UpdateView.Fault"/> says what is left of it. Most attribute blocks are taken as they
/// are (<see cref="CanonicalAttributes"/>); those that are not come from the interner, if the same was decoded before.
/// </summary>
public sealed class UpdateDecoder(AttributeInterner interner, UpdateContext context)
{
    private static readonly AddressFamily Ipv4 = AddressFamily.Ipv4Unicast;

    // An UPDATE can have routes of both kinds, with different next hops.
    private readonly ReceivedAttributes _classic = new();
    private readonly ReceivedAttributes _mp = new();

    /// <summary>Reads the body, of which framing has made sure that it has four bytes.</summary>
    public UpdateView Decode(ReadOnlySpan<byte> body)
    {
        var withdrawnBytes = BinaryPrimitives.ReadUInt16BigEndian(body);
        if (withdrawnBytes > body.Length - 4)
        {
            return Failed(UpdateFault.Reset(0, "withdrawn routes are longer than the message", UpdateErrorSubcode.MalformedAttributeList));
        }

        var withdrawn = body.Slice(2, withdrawnBytes);
        var attributeBytes = BinaryPrimitives.ReadUInt16BigEndian(body[(2 + withdrawnBytes)..]);
        var rest = body[(4 + withdrawnBytes)..];
        if (attributeBytes > rest.Length)
        {
            return Failed(UpdateFault.Reset(0, "path attributes are longer than the message", UpdateErrorSubcode.MalformedAttributeList));
        }

        var nlri = rest[attributeBytes..];
        if (
            !NlriBlock.IsWellFormed(withdrawn, Ipv4, context.PathIdBytes(Ipv4))
            || !NlriBlock.IsWellFormed(nlri, Ipv4, context.PathIdBytes(Ipv4))
        )
        {
            // RFC 7606 section 5.3: what is reachable can't be known.
            return Failed(UpdateFault.Reset(0, "malformed prefix", UpdateErrorSubcode.InvalidNetworkField));
        }

        var block = AttributeBlock.Scan(rest[..attributeBytes], out var fault);
        if (fault?.Fault == AttributeFault.ResetSession)
        {
            return Failed(fault);
        }

        if (body.Length == 4)
        {
            return new UpdateView(default, default, default, default, EndOfRibOf(Ipv4), null);
        }

        var hasClassic = !withdrawn.IsEmpty || !nlri.IsEmpty;
        if (hasClassic && !context.Allows(Ipv4))
        {
            fault = UpdateFault.Worse(fault, new(AttributeFault.Discard, 0, "prefixes of ipv4, which was not negotiated"));
            withdrawn = default;
            nlri = default;
        }

        return Apply(withdrawn, nlri, block, fault);
    }

    private UpdateView Apply(ReadOnlySpan<byte> withdrawn, ReadOnlySpan<byte> nlri, scoped in AttributeBlock block, UpdateFault? fault)
    {
        var unreach = ReadMp(block.UnreachValue, block.HasUnreach, isReach: false, ref fault);
        var reach = ReadMp(block.ReachValue, block.HasReach, isReach: true, ref fault);
        if (fault?.Fault == AttributeFault.ResetSession)
        {
            return Failed(fault);
        }

        ReceivedAttributes? attributes = null;
        ReceivedAttributes? mpAttributes = null;
        if (!nlri.IsEmpty)
        {
            attributes = _classic;
            Fill(_classic, block, default, isVpn: false, requireNextHop: true, ref fault);
        }

        if (!reach.Nlri.IsEmpty)
        {
            mpAttributes = _mp;
            Fill(_mp, block, reach.NextHop, MpNlri.IsVpn(reach.Family), requireNextHop: false, ref fault);
        }

        // What cannot be read of MP_REACH_NLRI has no family here; of one that was not negotiated, nothing is of interest.
        var hasReachable = !nlri.IsEmpty || block.HasReach && !(reach.Nlri.IsEmpty && context.Allows(reach.Family));
        if (!hasReachable && block.HasOthers)
        {
            CheckWithoutRoutes(block, reach.NextHop, ref fault);
        }

        if (fault?.Fault == AttributeFault.ResetSession)
        {
            return Failed(fault);
        }

        if (fault?.Fault >= AttributeFault.TreatAsWithdraw)
        {
            attributes = null;
            mpAttributes = null;
        }

        var endOfRib =
            block is { HasUnreach: true, HasReach: false, HasOthers: false } && unreach.Nlri.IsEmpty && withdrawn.IsEmpty && nlri.IsEmpty
                ? EndOfRibOf(unreach.Family)
                : null;
        return new UpdateView(
            Block(Ipv4, withdrawn, null),
            Block(unreach.Family, unreach.Nlri, null),
            Block(Ipv4, nlri, attributes),
            Block(reach.Family, reach.Nlri, mpAttributes),
            endOfRib,
            fault
        );
    }

    private NlriBlock Block(AddressFamily family, ReadOnlySpan<byte> nlri, ReceivedAttributes? attributes) =>
        new(family, nlri, attributes, context.PathIdBytes(family));

    private MpNlri ReadMp(ReadOnlySpan<byte> value, bool present, bool isReach, scoped ref UpdateFault? fault)
    {
        if (!present)
        {
            return default;
        }

        var type = isReach ? AttributeType.MpReachNlri : AttributeType.MpUnreachNlri;
        MpNlri mp;
        if (isReach ? !MpNlri.TryReadReach(value, out mp) : !MpNlri.TryReadUnreach(value, out mp))
        {
            fault = UpdateFault.Reset((byte)type, "too short", UpdateErrorSubcode.OptionalAttributeError);
            return default;
        }

        if (!context.Allows(mp.Family) || !NlriBlock.IsKnown(mp.Family))
        {
            fault = UpdateFault.Worse(fault, UpdateFault.Of(AttributeFault.Discard, type, $"family {mp.Family} was not negotiated"));
            return default;
        }

        IpAddress nextHop = default;
        var reason =
            !NlriBlock.IsWellFormed(mp.Nlri, mp.Family, context.PathIdBytes(mp.Family)) ? "malformed NLRI"
            : isReach && !TryReadNextHop(mp, out nextHop) ? $"next hop of {mp.NextHop.Length} bytes"
            : null;
        if (reason is not null)
        {
            // The attribute's own length was right, so that other families can go on (RFC 7606 sections 5.3 and 7.11); of two that
            // can't, no fault tells.
            fault =
                fault is { Fault: AttributeFault.DisableFamily, Family: { } other } && other != mp.Family
                    ? UpdateFault.Reset((byte)type, $"{reason}, and those of another family", UpdateErrorSubcode.OptionalAttributeError)
                    : UpdateFault.Worse(fault, new(AttributeFault.DisableFamily, (byte)type, reason, mp.Family));
            return default;
        }

        if (isReach && MpNlri.NeedsHost(mp.Family) && !AttributeForm.IsNextHop(nextHop))
        {
            // RFC 4271 section 6.3, with the approach of RFC 7606 section 7.3: nothing can be sent there.
            fault = UpdateFault.Worse(fault, UpdateFault.Of(AttributeFault.TreatAsWithdraw, type, $"next hop {nextHop} is no host's"));
        }

        return mp;
    }

    private bool TryReadNextHop(in MpNlri reach, out IpAddress nextHop)
    {
        nextHop = default;
        return MpNlri.HasNextHopLength(reach.NextHop.Length, reach.Family, context.AllowsIpv6NextHops(reach.Family))
            && MpNlri.TryReadNextHop(reach.NextHop, MpNlri.IsVpn(reach.Family), out nextHop);
    }

    private void Fill(
        ReceivedAttributes received,
        scoped in AttributeBlock block,
        scoped ReadOnlySpan<byte> nextHop,
        bool isVpn,
        bool requireNextHop,
        scoped ref UpdateFault? fault
    )
    {
        if (received.TryTake(block, nextHop, isVpn, context))
        {
            return;
        }

        var key = interner.Key(block, nextHop, isVpn, context);
        if (interner.Find(key) is { } known)
        {
            received.Take(known);
            return;
        }

        var decoder = new AttributeDecoder(context);
        var attributes = decoder.Decode(block, nextHop, isVpn);
        if (requireNextHop && attributes.NextHop.IsNone)
        {
            decoder.Fail(AttributeFault.TreatAsWithdraw, AttributeType.NextHop, "missing");
        }

        if (!StoredAttributes.Fits(attributes))
        {
            // A path of two-octet numbers needs twice the room in four.
            decoder.Fail(AttributeFault.TreatAsWithdraw, AttributeType.AsPath, "too long with numbers of four octets");
        }

        fault = UpdateFault.Worse(fault, decoder.Fault);
        if (decoder.Fault is null)
        {
            interner.Add(key, attributes);
        }

        received.Take(attributes);
    }

    // RFC 7606 section 5.2: attributes without a reachable route may have lost it, so that a fault has nothing to be withdrawn.
    private void CheckWithoutRoutes(scoped in AttributeBlock block, scoped ReadOnlySpan<byte> nextHop, scoped ref UpdateFault? fault)
    {
        var decoder = new AttributeDecoder(context);
        decoder.Decode(block, nextHop, isVpn: false, requireMandatory: false);
        fault = UpdateFault.Worse(fault, decoder.Fault);
        if (fault?.Fault == AttributeFault.TreatAsWithdraw)
        {
            fault = UpdateFault.Reset(
                fault.AttributeCode,
                fault.Reason + ", in a message without reachable routes",
                UpdateErrorSubcode.MalformedAttributeList
            );
        }
    }

    private AddressFamily? EndOfRibOf(AddressFamily family) => context.Allows(family) ? family : null;

    private static UpdateView Failed(UpdateFault fault) => new(default, default, default, default, null, fault);
}
