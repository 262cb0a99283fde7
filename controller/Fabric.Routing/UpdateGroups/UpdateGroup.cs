using System.Numerics;
using System.Runtime.InteropServices;
using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>
/// Receivers that are told the same: BGP peers with one export policy, or agents subscribed to one VRF; at most 64 of them, then
/// another group follows. The host reads what is new and encodes it once for all receivers of an update.
/// </summary>
public sealed partial class UpdateGroup
{
    /// <summary>One bit of a word each.</summary>
    public const int MaxReceivers = 64;

    private readonly Peer?[] _members = new Peer?[MaxReceivers];
    private readonly List<(AdjRibOut Rib, IExportPolicy Policy)> _ribs = [];
    private readonly Queue<UpdateGroup> _ready;
    private readonly RouteShard _shard;
    private bool _isReady;

    internal UpdateGroup(
        UpdateGroupPolicy policy,
        RoutingOptions options,
        RouteShard shard,
        IReadOnlyList<Peer?> peers,
        Queue<UpdateGroup> ready
    )
    {
        Policy = policy;
        _ready = ready;
        _shard = shard;
        if (policy.Vrf is { } vrf)
        {
            AddRib(shard.TableOf(vrf), new VrfExportPolicy(shard, peers, this), shard);
            return;
        }

        if (policy.Kind == PeerKind.Monitor)
        {
            foreach (var kind in RouteFamilies.BgpTables)
            {
                AddRib(shard.TableOf(kind), new LocRibExportPolicy(shard, shard.TableOf(kind)), shard);
            }

            return;
        }

        foreach (var kind in RouteFamilies.BgpTables)
        {
            if (policy.Families.In(kind).Length > 0)
            {
                var export = new BgpExport(options, policy, isMembership: kind == RouteTableKind.Membership);
                IExportPolicy exportPolicy =
                    kind == RouteTableKind.Membership
                        ? new MembershipExportPolicy(shard, peers, this, export)
                        : new RouteExportPolicy(shard, peers, this, shard.TableOf(kind), export);
                AddRib(shard.TableOf(kind), exportPolicy, shard);
            }
        }
    }

    /// <summary>The VRF whose subscribers these are; null for BGP peers.</summary>
    public string? VrfName => Policy.Vrf?.Name;

    public PeerKind Kind => Policy.Kind;

    public int ReceiverCount => BitOperations.PopCount(Receivers);

    internal UpdateGroupPolicy Policy { get; }

    internal ulong Receivers { get; private set; }

    internal ulong Blocked { get; private set; }

    internal bool IsFull => Receivers == ulong.MaxValue;

    internal IEnumerable<(Peer Peer, ulong Bit)> Members =>
        Enumerable.Range(0, MaxReceivers).Where(i => _members[i] is not null).Select(i => (_members[i]!, 1UL << i));

    internal long MemoryBytes => _ribs.Sum(r => r.Rib.MemoryBytes);

    /// <summary>
    /// Fills the batch with up to so many updates and returns how many; 0 when nothing is left for receivers that are not blocked. Each
    /// receiver gets, for each route, its state at the time of reading; it gets withdrawals only of what it was told.
    /// </summary>
    internal int Read(UpdateBatch batch, int maxUpdates)
    {
        batch.Clear();
        foreach (var (rib, policy) in CollectionsMarshal.AsSpan(_ribs))
        {
            BeginRefreshes(rib, batch);
            ReadRoutes(rib, policy, batch, maxUpdates);
            if (batch.UpdateCount >= maxUpdates)
            {
                return batch.UpdateCount;
            }

            ReadEndOfRib(rib, policy, batch);
            EndRefreshes(rib, batch);
        }

        if (batch.UpdateCount == 0)
        {
            _isReady = false;
        }

        return batch.UpdateCount;
    }

    private void ReadRoutes(AdjRibOut rib, IExportPolicy policy, UpdateBatch batch, int maxUpdates)
    {
        var unblocked = Receivers & ~Blocked;
        while (
            batch.UpdateCount + (rib.Several?.Count ?? 0) < maxUpdates
            && rib.TryTake(unblocked, out var index, out var pending, out var announced)
        )
        {
            ref var route = ref rib.Table[index];
            if (rib.TakesSeveral(route.Kind))
            {
                rib.Several!.Read(index, pending);
                continue;
            }

            var eligible = _shard.BestOf(route) != Path.None ? policy.Eligible(route, pending) & ~Leaving : 0;
            if (eligible != 0)
            {
                var first = batch.PathCount;
                policy.AppendPaths(route, batch);
                Add(batch, UpdateKind.Advertise, rib, eligible, route, first, _shard.Paths[route.FirstPath].Label);
            }

            var withdrawn = pending & ~eligible & announced;
            if (withdrawn != 0)
            {
                Add(batch, UpdateKind.Withdraw, rib, withdrawn, route, batch.PathCount);
            }

            rib.SetAnnounced(index, pending, eligible);
        }

        rib.Several?.Flush(batch);
    }

    /// <summary>Puts an update into the batch, with the paths that were added to it since the first one.</summary>
    internal void Add(
        UpdateBatch batch,
        UpdateKind kind,
        AdjRibOut rib,
        ulong receivers,
        in Route route,
        int firstPath,
        uint label = 0,
        uint pathId = 0
    )
    {
        ref var update = ref batch.Append();
        update.Kind = kind;
        update.Table = rib.Table.Kind;
        update.Receivers = new ReceiverSet(this, receivers);
        update.Key = RouteKey.Of(route);
        update.Family = RouteFamilies.Of(update.Table, route.Kind);
        update.FirstPath = firstPath;
        update.PathCount = batch.PathCount - firstPath;
        update.PathId = pathId;
        update.EvpnRoute = route.Kind.IsEvpn() ? batch.Add(_shard.EvpnRoutes.RouteOf(update.Key, label)) : 0;
    }

    /// <summary>Puts what is no route's into the batch.</summary>
    private void Add(UpdateBatch batch, UpdateKind kind, AdjRibOut rib, ulong receivers, AddressFamily family)
    {
        ref var update = ref batch.Append();
        update = new RouteUpdate
        {
            Kind = kind,
            Table = rib.Table.Kind,
            Receivers = new ReceiverSet(this, receivers),
            Family = family,
            FirstPath = batch.PathCount,
        };
    }

    private void ReadEndOfRib(AdjRibOut rib, IExportPolicy policy, UpdateBatch batch)
    {
        var due = rib.EndOfRibDue & Receivers & ~Blocked;
        due = due == 0 || IsEndHeld(rib.Table.Kind) ? 0 : due & policy.Open;
        if (due == 0)
        {
            return;
        }

        rib.EndOfRibDue &= ~due;
        foreach (var family in policy.Families)
        {
            Add(batch, UpdateKind.EndOfRib, rib, due, family);
        }
    }

    private bool IsEndHeld(RouteTableKind table) =>
        _shard.HoldsEndOfRib && table != RouteTableKind.Membership && Kind is PeerKind.InternalBgp or PeerKind.ExternalBgp;

    internal Peer MemberAt(int slot) => _members[slot]!;

    internal PeerId PeerAt(int slot) => _members[slot]!.Id;

    /// <summary>Zero for a peer that is not in this group.</summary>
    internal ulong BitOf(Peer peer)
    {
        if (Policy.Vrf is null)
        {
            return ReferenceEquals(peer.Group, this) ? 1UL << peer.Slot : 0;
        }

        var slot = Array.IndexOf(_members, peer);
        return slot < 0 ? 0 : 1UL << slot;
    }

    internal void Join(Peer peer)
    {
        var receiver = Enter(peer);
        foreach (var (rib, _) in _ribs)
        {
            rib.Join(receiver);
        }
    }

    /// <summary>Joins a peer that has to leave another group of the same families; it hears only of what is different here.</summary>
    internal void TakeOver(Peer peer, UpdateGroup former)
    {
        var formerReceiver = former.BitOf(peer);
        var receiver = Enter(peer);
        var change = new GroupChange();
        foreach (var (rib, policy) in _ribs)
        {
            var (formerRib, formerPolicy) = former._ribs.Find(r => r.Rib.Table == rib.Table);
            change.TakeOver((formerRib, formerPolicy, formerReceiver), (rib, policy, receiver));
            rib.Refreshes.TakeOver(receiver, formerRib.Refreshes, formerReceiver);
            rib.EndOfRibDue |= (formerRib.EndOfRibDue & formerReceiver) != 0 ? receiver : 0;
        }

        Notify();
    }

    private ulong Enter(Peer peer)
    {
        var slot = BitOperations.TrailingZeroCount(~Receivers);
        _members[slot] = peer;
        if (Policy.Vrf is null)
        {
            (peer.Group, peer.Slot) = (this, slot);
        }

        Receivers |= 1UL << slot;
        Blocked |= peer.IsBlocked ? 1UL << slot : 0;
        return 1UL << slot;
    }

    internal void Leave(Peer peer)
    {
        var slot = Array.IndexOf(_members, peer);
        var bit = 1UL << slot;
        _members[slot] = null;
        Receivers &= ~bit;
        Blocked &= ~bit;
        Leaving &= ~bit;
        foreach (var (rib, _) in _ribs)
        {
            rib.Leave(bit);
        }
    }

    internal void SetBlocked(Peer peer, bool blocked)
    {
        var bit = 1UL << Array.IndexOf(_members, peer);
        Blocked = blocked ? Blocked | bit : Blocked & ~bit;
        if (blocked)
        {
            return;
        }

        foreach (var (rib, _) in _ribs)
        {
            rib.Resume();
        }
    }

    internal void MarkAll(RouteTableKind table, Peer peer) => RibOf(table)?.MarkAll(BitOf(peer));

    /// <summary>Marks all that goes to receivers by route target.</summary>
    internal void MarkFiltered(Peer peer)
    {
        foreach (var (rib, _) in _ribs)
        {
            if (rib.Table.HasRouteTargets)
            {
                rib.MarkAll(BitOf(peer));
            }
        }
    }

    internal void MarkAll()
    {
        foreach (var (rib, _) in _ribs)
        {
            rib.MarkAll(Receivers);
        }

        Notify();
    }

    internal void Mark(RouteTableKind table, int route, Peer peer) => RibOf(table)?.Mark(route, BitOf(peer));

    internal AdjRibOut? RibOf(RouteTableKind table) => _ribs.Find(r => r.Rib.Table.Kind == table).Rib;

    /// <summary>Takes the Adj-RIBs-Out out of their tables, for a group that nobody is left in.</summary>
    internal void Close()
    {
        foreach (var (rib, _) in _ribs)
        {
            rib.Table.Leave(rib);
            rib.Free();
        }

        // It may still stand in the queue of those that have something to read.
        _ribs.Clear();
    }

    /// <summary>Says that there may be something to read.</summary>
    internal void Notify()
    {
        if (!_isReady)
        {
            _isReady = true;
            _ready.Enqueue(this);
        }
    }

    private void AddRib(RouteTable table, IExportPolicy policy, RouteShard shard)
    {
        var rib = new AdjRibOut(table, this, shard);
        if (policy is RouteExportPolicy routes && Policy.AddPath.In(table.Kind).Length > 0)
        {
            rib.Several = new AddPathReader(shard, this, rib, routes);
        }

        _ribs.Add((rib, policy));
        table.Enter(rib);
    }
}
