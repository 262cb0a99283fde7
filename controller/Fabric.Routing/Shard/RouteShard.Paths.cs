using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>The life of a path: advertised, given other contents, withdrawn.</summary>
internal sealed partial class RouteShard
{
    /// <summary>A BGP peer's or this node's own route in a table that all VRFs share. Takes over the caller's reference to an EVPN label.</summary>
    public void Advertise(RouteTable table, in RouteKey key, Peer source, in OfferedAttributes offered, uint label, uint pathId = 0) =>
        Advertise(table, key, RouteTable.HashOf(key), source, offered, label, pathId);

    /// <inheritdoc cref="Advertise(RouteTable, in RouteKey, Peer, in OfferedAttributes, uint, uint)"/>
    /// <param name="hash">That of the key.</param>
    public void Advertise(RouteTable table, in RouteKey key, uint hash, Peer source, in OfferedAttributes offered, uint label, uint pathId)
    {
        var accepted = Accept(source, offered, table, key);
        var route = table.FindOrAdd(key, hash);
        var path = FindOf(table, route, source, pathId);
        if (path != Path.None)
        {
            Replace(path, accepted.Set, label, accepted.Infeasible, PathFlags.None);
        }
        else if (table[route].FirstPath == Path.None)
        {
            path = Add(table, route, source, accepted.Set, label, accepted.Infeasible, PathFlags.None);
            SetPathId(path, pathId);
            EnterIndexes(table, path);
            Start(table, route, path);
        }
        else
        {
            Begin(table, route);
            path = Add(table, route, source, accepted.Set, label, accepted.Infeasible, PathFlags.None);
            SetPathId(path, pathId);
            EnterIndexes(table, path);
            Commit(table, route, path);
        }

        KeepReceived(path, accepted);
    }

    /// <summary>False if the source has no such route.</summary>
    public bool Withdraw(RouteTable table, in RouteKey key, Peer source, uint pathId = 0) =>
        Withdraw(table, key, RouteTable.HashOf(key), source, pathId);

    /// <inheritdoc cref="Withdraw(RouteTable, in RouteKey, Peer, uint)"/>
    /// <param name="hash">That of the key.</param>
    public bool Withdraw(RouteTable table, in RouteKey key, uint hash, Peer source, uint pathId)
    {
        var route = table.Find(key, hash);
        var path = route == Route.None ? Path.None : FindOf(table, route, source, pathId);
        if (path == Path.None)
        {
            return false;
        }

        RemovePath(path);
        return true;
    }

    /// <summary>An agent's route in a VRF; its copy in the VPN table follows.</summary>
    public void AdvertisePrimary(
        Subscription subscription,
        Peer agent,
        RouteDistinguisher rd,
        IpPrefix prefix,
        in OfferedAttributes offered,
        uint label
    )
    {
        var vrf = subscription.Vrf;
        var table = TableOf(vrf);
        var key = RouteKey.Vrf(prefix);
        var accepted = Accept(agent, offered, table, key);
        accepted = accepted with { Infeasible = Admitted(accepted.Infeasible, subscription) };
        var route = table.FindOrAdd(key);
        var path = FindOf(table, route, agent, pathId: 0);
        if (path != Path.None)
        {
            Replace(path, accepted.Set, label, accepted.Infeasible, PathFlags.None);
        }
        else
        {
            Begin(table, route);
            path = Add(table, route, agent, accepted.Set, label, accepted.Infeasible, PathFlags.Primary);
            Commit(table, route, path);
        }

        KeepReceived(path, accepted);
        Export(path, vrf, rd);
    }

    /// <summary>Removes the path and whatever came from it.</summary>
    public void RemovePath(int path)
    {
        ref var removed = ref Paths[path];
        var table = _tables[removed.Table]!;
        if (removed.Is(PathFlags.Primary) && removed.Origin != Path.None)
        {
            RemovePath(removed.Origin);
        }

        if (table.HasRouteTargets)
        {
            DropImports(path);
        }

        LeaveIndexes(table, path);
        Detach(table, path);
    }

    /// <summary>Takes the path out of its route.</summary>
    private void Detach(RouteTable table, int path)
    {
        var (route, next) = (Paths[path].Route, Paths[path].Next);
        if (next == Path.None && table[route].FirstPath == path)
        {
            // The only one: there is nothing to choose from any more.
            table.CountBest(table[route].Kind, Paths[path].Infeasible == RejectReason.None ? -1 : 0);
            table[route].FirstPath = Path.None;
            Discard(table, path);
            End(table, route);
            return;
        }

        Begin(table, route);
        ref var link = ref table[route].FirstPath;
        while (link != path)
        {
            link = ref Paths[link].Next;
        }

        link = next;
        Discard(table, path);
        Commit(table, route, Path.None);
    }

    /// <summary>Gives up a path that stands in no route any more.</summary>
    private void Discard(RouteTable table, int path)
    {
        _received.Forget(path);
        Delist(path);
        ReleaseReferences(table, Paths[path].Attributes, Paths[path].Label);
        if (!TryKeepEnd(table, path))
        {
            Paths.Free(path);
        }
    }

    /// <summary>Gives a path new contents; takes over the caller's references to set and label. Equal contents only lose the marks of staleness.</summary>
    private void Replace(int path, int set, uint label, RejectReason infeasible, PathFlags staleness)
    {
        const PathFlags Staleness = PathFlags.Stale | PathFlags.LongLivedStale;
        ref var replaced = ref Paths[path];
        var flags = replaced.Flags & ~Staleness | staleness;
        var table = _tables[replaced.Table]!;
        if (((replaced.Flags ^ flags) & Staleness) != PathFlags.None)
        {
            Age(path, (flags & PathFlags.Stale) != PathFlags.None);
            NoteStaleness(path);
        }

        var same = replaced.Attributes == set && replaced.Label == label && replaced.Infeasible == infeasible;
        if (same && ((replaced.Flags ^ flags) & PathFlags.LongLivedStale) == PathFlags.None)
        {
            replaced.Flags = flags;
            ReleaseReferences(table, set, label);
            return;
        }

        Begin(table, replaced.Route);
        LeaveIndexes(table, path);
        ReleaseReferences(table, replaced.Attributes, replaced.Label);
        Recount(path, infeasible);
        replaced.Attributes = set;
        replaced.Label = label;
        replaced.Infeasible = infeasible;
        replaced.Flags = flags;
        EnterIndexes(table, path);
        Note(path);
        Commit(table, replaced.Route, path);
    }

    private int Add(RouteTable table, int route, Peer source, int set, uint label, RejectReason infeasible, PathFlags flags)
    {
        var path = Paths.Allocate();
        ref var added = ref Paths[path];
        ref var first = ref table[route].FirstPath;
        added.Attributes = set;
        added.Label = label;
        added.Source = source.Id.Value;
        added.Flags = flags | PathFlags.Live;
        added.Infeasible = infeasible;
        added.Table = table.Id;
        added.Route = route;
        added.Next = first;
        added.NextOfSet = Path.None;
        added.PreviousOfSet = Path.None;
        added.Imports = Path.None;
        first = path;
        Enlist(path);
        Note(path);
        return path;
    }

    private void EnterIndexes(RouteTable table, int path)
    {
        if (table.HasRouteTargets)
        {
            Attributes.Link(path);
        }
        else if (table.Kind == RouteTableKind.Membership)
        {
            EnterFilter(path);
        }
    }

    private void LeaveIndexes(RouteTable table, int path)
    {
        if (table.HasRouteTargets)
        {
            Attributes.Unlink(path);
        }
        else if (table.Kind == RouteTableKind.Membership)
        {
            LeaveFilter(path);
        }
    }

    /// <summary>The path that the source itself advertised, not one imported from it.</summary>
    public int FindOf(RouteTable table, int route, Peer source, uint pathId)
    {
        var path = table[route].FirstPath;
        while (path != Path.None && !(IsOwn(path, source) && PathIdOf(path) == pathId))
        {
            path = Paths[path].Next;
        }

        return path;
    }

    public bool IsOwn(int path, Peer source) =>
        Paths[path].Source == source.Id.Value && !Paths[path].Is(PathFlags.Imported | PathFlags.Exported);

    public int FindPrimary(Vrf vrf, IpPrefix prefix, Peer agent)
    {
        return FindTable(vrf) is { } table && table.Find(RouteKey.Vrf(prefix)) is var route and not Route.None
            ? FindOf(table, route, agent, pathId: 0)
            : Path.None;
    }
}
