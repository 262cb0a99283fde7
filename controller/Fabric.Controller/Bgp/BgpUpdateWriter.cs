using Fabric.Controller.Routes;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Runtime;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Bgp;

/// <summary>
/// The core's updates as UPDATE messages. Peers of a group are told the same; they may differ in how it is encoded, so a run
/// is encoded once for each encoding that its receivers have.
/// </summary>
internal sealed class BgpUpdateWriter(BgpSpeaker speaker) : IUpdateWriter
{
    private readonly UpdateEncoding?[] _encodings = new UpdateEncoding?[4];
    private readonly OutputRun _output = new(new OutputSegmentPool());
    private readonly RouteEncoder<RouteTargetMembershipNlri> _memberships = new(static (in update, _) => Membership(update));
    private readonly RouteEncoder<PrefixNlri> _prefixes = new(static (in update, _) => new PrefixNlri(update.Key.Prefix));

    private readonly RouteEncoder<LabelledNlri> _labelledRoutes = new(
        static (in update, batch) => new LabelledNlri(update.Key.Prefix, LabelOf(update, batch))
    );

    private readonly RouteEncoder<EvpnNlri> _evpnRoutes = new(static (in update, batch) => batch.EvpnRouteOf(update));

    private readonly RouteEncoder<VpnNlri> _vpnRoutes = new(
        static (in update, batch) => new VpnNlri(update.Key.RouteDistinguisher, update.Key.Prefix, LabelOf(update, batch))
    );

    // Families whose routes have an identifier also where it is 0; of others those that have one.
    private EquatableArray<AddressFamily> _pathIdFamilies = [];

    private readonly List<(UpdateEncoding Encoding, BgpNeighbor Neighbor)> _targets = [];

    public void Write(ReadOnlySpan<RouteUpdate> run, UpdateBatch batch)
    {
        if (run[0].IsRefreshMark)
        {
            WriteMark(run[0]);
            return;
        }

        _targets.Clear();
        foreach (var peer in run[0].Receivers)
        {
            if (speaker.Find(peer) is { Peer.Negotiation: { } negotiation } neighbor)
            {
                _targets.Add((EncodingOf(negotiation.FourOctetAs, negotiation.ExtendedMessages), neighbor));
            }
        }

        for (var i = 0; i < _targets.Count; i++)
        {
            var encoding = _targets[i].Encoding;
            if (FirstWith(encoding) != i)
            {
                continue;
            }

            var messages = Encode(run, batch, encoding);
            foreach (var (other, neighbor) in _targets)
            {
                if (other == encoding)
                {
                    neighbor.SendUpdates(_output, messages);
                }
            }

            _output.Clear();
        }
    }

    private int FirstWith(UpdateEncoding encoding)
    {
        var first = 0;
        while (_targets[first].Encoding != encoding)
        {
            first++;
        }

        return first;
    }

    private void WriteMark(in RouteUpdate mark)
    {
        foreach (var peer in mark.Receivers)
        {
            speaker
                .Find(peer)
                ?.SendRefreshMark(
                    mark.Family,
                    mark.Kind == UpdateKind.BeginOfRefresh ? RouteRefreshSubtype.Begin : RouteRefreshSubtype.End
                );
        }
    }

    /// <summary>The updates as messages with four-octet AS numbers, for who is no neighbour; valid until the next call.</summary>
    /// <param name="pathIdFamilies">Families in which routes have path identifiers, whatever those are (RFC 7911).</param>
    public OutputRun Encode(
        ReadOnlySpan<RouteUpdate> run,
        UpdateBatch batch,
        bool extended,
        EquatableArray<AddressFamily> pathIdFamilies = default
    )
    {
        _output.Clear();
        _pathIdFamilies = pathIdFamilies;
        Encode(run, batch, EncodingOf(fourOctetAs: true, extended));
        return _output;
    }

    private UpdateEncoding EncodingOf(bool fourOctetAs, bool extended) =>
        _encodings[(fourOctetAs ? 1 : 0) + (extended ? 2 : 0)] ??= new UpdateEncoding(fourOctetAs, extended);

    /// <summary>Writes the run into the output and returns how many messages it takes.</summary>
    private int Encode(ReadOnlySpan<RouteUpdate> run, UpdateBatch batch, UpdateEncoding encoding)
    {
        var messages = 0;
        while (!run.IsEmpty)
        {
            ref readonly var first = ref run[0];
            if (first.Kind == UpdateKind.EndOfRib)
            {
                UpdatePacker.EndOfRib(first.Family, _output);
                messages++;
                run = run[1..];
                continue;
            }

            var length = 1;
            while (length < run.Length && IsAlike(run[length], first, batch))
            {
                length++;
            }

            messages += Pack(run[..length], batch, encoding);
            run = run[length..];
        }

        return messages;
    }

    private static bool IsAlike(in RouteUpdate update, in RouteUpdate first, UpdateBatch batch) =>
        update.Kind == first.Kind
        && update.Family == first.Family
        && (first.Kind == UpdateKind.Withdraw || batch.PathsOf(update)[0].Attributes == batch.PathsOf(first)[0].Attributes);

    private int Pack(ReadOnlySpan<RouteUpdate> updates, UpdateBatch batch, UpdateEncoding encoding)
    {
        ref readonly var first = ref updates[0];
        var attributes = first.Kind == UpdateKind.Advertise ? batch.StoredAttributesOf(batch.PathsOf(first)[0]) : default;
        return first.Table switch
        {
            RouteTableKind.Membership => Pack(_memberships, updates, batch, attributes, encoding),
            RouteTableKind.Unicast => Pack(_prefixes, updates, batch, attributes, encoding),
            RouteTableKind.Labelled => Pack(_labelledRoutes, updates, batch, attributes, encoding),
            RouteTableKind.Evpn => Pack(_evpnRoutes, updates, batch, attributes, encoding),
            _ => Pack(_vpnRoutes, updates, batch, attributes, encoding),
        };
    }

    private static RouteTargetMembershipNlri Membership(in RouteUpdate update)
    {
        var membership = update.Key.Membership;
        return RouteTargetMembershipNlri.Create(membership.OriginAs, membership.Target, membership.Length);
    }

    private static MplsLabel LabelOf(in RouteUpdate update, UpdateBatch batch) =>
        update.Kind == UpdateKind.Advertise ? batch.PathsOf(update)[0].Label : default;

    private int Pack<TNlri>(
        RouteEncoder<TNlri> encoder,
        ReadOnlySpan<RouteUpdate> updates,
        UpdateBatch batch,
        ReadOnlySpan<byte> attributes,
        UpdateEncoding encoding
    )
        where TNlri : struct, INlri<TNlri> =>
        updates[0].PathId != 0 || _pathIdFamilies.AsSpan().Contains(updates[0].Family)
            ? Pack(updates[0].Family, attributes, encoder.Paths(updates, batch), encoding)
            : Pack(updates[0].Family, attributes, encoder.Routes(updates, batch), encoding);

    // No attributes: the routes are withdrawn.
    private int Pack<TNlri>(AddressFamily family, ReadOnlySpan<byte> attributes, ReadOnlySpan<TNlri> routes, UpdateEncoding encoding)
        where TNlri : struct, INlri<TNlri>
    {
        if (attributes.IsEmpty)
        {
            return UpdatePacker.Withdraw(family, routes, encoding, _output).Messages;
        }

        var outcome = UpdatePacker.Advertise(family, attributes, routes, encoding, _output);
        if (outcome.TooLongRoutes == 0)
        {
            return outcome.Messages;
        }

        // What the peer holds of these routes is no longer true (RFC 4271 section 9.2); those that fit are told again.
        speaker.LogTooLong(outcome.TooLongRoutes, family);
        return outcome.Messages
            + UpdatePacker.Withdraw(family, routes, encoding, _output).Messages
            + UpdatePacker.Advertise(family, attributes, routes, encoding, _output).Messages;
    }
}
