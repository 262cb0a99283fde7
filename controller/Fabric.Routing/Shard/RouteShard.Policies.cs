using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>What policies made of paths, and the paths of a peer judged again when its rules have changed.</summary>
internal sealed partial class RouteShard
{
    private readonly ReceivedSets _received;

    public long ReceivedMemoryBytes => _received.MemoryBytes;

    /// <summary>The peer has other rules: each of its paths becomes what they make of it as it was received.</summary>
    public void Rejudge(Peer peer)
    {
        foreach (var path in peer.Paths)
        {
            Rejudge(path, peer);
        }
    }

    /// <summary>The agent was admitted to the VRF, or is no longer.</summary>
    public void Rejudge(Peer agent, Vrf vrf)
    {
        foreach (var path in agent.Paths)
        {
            if (Paths[path].Table == vrf.TableId)
            {
                Rejudge(path, agent);
            }
        }
    }

    /// <summary>The peer itself is another one for the decision process and for the rules of others, which look at its paths again.</summary>
    public void SeeAnew(Peer peer)
    {
        foreach (var path in peer.Paths)
        {
            SeeAnew(path);
        }
    }

    /// <summary>The set that the path's source said, before any rule.</summary>
    public int ReceivedSetOf(int path) => _received.Of(path, Paths[path].Attributes);

    /// <summary>What decided about the path where it stands, worked out again.</summary>
    public ImportOutcome Explain(int path)
    {
        ref var explained = ref Paths[path];
        var table = _tables[explained.Table]!;
        var source = _peers[explained.Source]!;
        if (explained.Is(PathFlags.Imported))
        {
            ref var origin = ref Paths[explained.Origin];
            return table.Vrf!.Rules!.Import(
                Attributes[origin.Attributes],
                source.Definition,
                RouteOf(_tables[origin.Table]!, origin.Route)
            );
        }

        if (!explained.Is(PathFlags.Exported))
        {
            return source.Rules.Judge(Attributes[ReceivedSetOf(path)], RouteOf(table, explained.Route));
        }

        var copied = Paths.PrimaryOf(path);
        ref var primary = ref Paths[copied];
        if (primary.Infeasible != RejectReason.None)
        {
            return Explain(copied);
        }

        var (attributes, home) = (Attributes[primary.Attributes], _tables[primary.Table]!);
        return home.Vrf!.Rules?.Export(attributes, source.Definition, RouteOf(home, primary.Route)) is { } exported
            ? new ImportOutcome(exported.Reason, exported.Attributes, exported.Policy, exported.Term)
            : new ImportOutcome(RejectReason.VrfUnknown, attributes);
    }

    /// <summary>What the rules said of an agent's route, unless the agent may not be in the VRF.</summary>
    private static RejectReason Admitted(RejectReason judged, Subscription subscription) =>
        judged == RejectReason.None && !subscription.IsAdmitted ? RejectReason.NoPort : judged;

    private void Rejudge(int path, Peer source)
    {
        const PathFlags Staleness = PathFlags.Stale | PathFlags.LongLivedStale;
        ref var judged = ref Paths[path];
        var table = _tables[judged.Table]!;
        var set = ReceivedSetOf(path);
        var received = Attributes[set];
        var outcome = source.Rules.Judge(received, RouteOf(table, judged.Route));
        var infeasible = judged.Is(PathFlags.Primary) ? Admitted(outcome.Reason, source.Subscriptions[table.Vrf!.Name]) : outcome.Reason;
        AddReferences(table, set, judged.Label);
        Replace(path, InternOutcome(set, received, outcome), judged.Label, infeasible, judged.Flags & Staleness);
        _received.Keep(path, set, judged.Attributes);
        if (judged.Is(PathFlags.Primary))
        {
            Export(path, table.Vrf!, ExportedRd(path));
        }
    }

    /// <summary>A reference to the set that rules made of another one.</summary>
    private int InternOutcome(int set, PathAttributes given, in ImportOutcome outcome)
    {
        if (!ReferenceEquals(given, outcome.Attributes))
        {
            return Attributes.Intern(outcome.Attributes);
        }

        Attributes.AddReference(set);
        return set;
    }

    private void SeeAnew(int path)
    {
        ref var seen = ref Paths[path];
        SelectAnew(_tables[seen.Table]!, seen.Route);
        if (seen.Is(PathFlags.Primary))
        {
            SeeAnew(seen.Origin);
            return;
        }

        for (var import = seen.Imports; import != Path.None; import = Paths[import].Imports)
        {
            SelectAnew(_tables[Paths[import].Table]!, Paths[import].Route);
        }
    }

    private void SelectAnew(RouteTable table, int route)
    {
        Begin(table, route);
        Commit(table, route, Path.None);
        foreach (var rib in table.Outs)
        {
            rib.Mark(route);
        }
    }

    private PolicyRoute RouteOf(RouteTable table, int route) => PolicyRouteOf(table, RouteKey.Of(table[route]));
}
