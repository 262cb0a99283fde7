using System.Runtime.InteropServices;

namespace Fabric.Routing;

/// <summary>Runs the decision process over the paths of a route and puts them into order of preference. Owned by a shard; keeps its buffers.</summary>
internal sealed class PathSelection(PathPool paths, Func<int, PathCandidate> candidateOf, bool alwaysCompareMed)
{
    private struct Ranked
    {
        public int Path;
        public bool FellByMed;
        public PathCandidate Candidate;
    }

    private readonly List<Ranked> _ranked = [];

    public void Select(ref Route route)
    {
        if (route.FirstPath == Path.None)
        {
            return;
        }

        ref var first = ref paths[route.FirstPath];
        if (first.Next == Path.None)
        {
            SetEqual(ref first, first.Infeasible == RejectReason.None);
            return;
        }

        Rank(route.FirstPath);
        Relink(ref route);
    }

    private void Rank(int firstPath)
    {
        _ranked.Clear();
        for (var path = firstPath; path != Path.None; path = paths[path].Next)
        {
            _ranked.Add(new Ranked { Path = path, Candidate = candidateOf(path) });
        }

        var ranked = CollectionsMarshal.AsSpan(_ranked);
        ranked.Sort(static (a, b) => Order(a, b));
        var leaders = 1;
        while (leaders < ranked.Length && BestPath.CompareRank(ranked[0].Candidate, ranked[leaders].Candidate, out _) == 0)
        {
            leaders++;
        }

        foreach (ref var path in ranked[..leaders])
        {
            foreach (ref var rival in ranked[..leaders])
            {
                path.FellByMed |= BestPath.FallsByMed(path.Candidate, rival.Candidate, alwaysCompareMed);
            }
        }

        foreach (ref var path in ranked[leaders..])
        {
            path.FellByMed = true;
        }

        // Who fell goes behind; the order among the equal ones stays.
        ranked.Sort(static (a, b) => a.FellByMed != b.FellByMed ? a.FellByMed.CompareTo(b.FellByMed) : Order(a, b));
    }

    private void Relink(ref Route route)
    {
        var next = Path.None;
        for (var i = _ranked.Count - 1; i >= 0; i--)
        {
            var ranked = _ranked[i];
            ref var path = ref paths[ranked.Path];
            SetEqual(ref path, !ranked.FellByMed && path.Infeasible == RejectReason.None);
            path.Next = next;
            next = ranked.Path;
        }

        route.FirstPath = next;
    }

    private static int Order(in Ranked a, in Ranked b)
    {
        var byRank = BestPath.CompareRank(a.Candidate, b.Candidate, out _);
        return byRank != 0 ? byRank : BestPath.CompareTie(a.Candidate, b.Candidate, out _);
    }

    private static void SetEqual(ref Path path, bool equal) =>
        path.Flags = equal ? path.Flags | PathFlags.Equal : path.Flags & ~PathFlags.Equal;
}
