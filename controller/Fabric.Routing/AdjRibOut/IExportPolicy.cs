namespace Fabric.Routing;

/// <summary>Which receivers of a group may hold a route of one table, and in which form.</summary>
internal interface IExportPolicy
{
    ReadOnlySpan<Primitives.AddressFamily> Families { get; }

    /// <summary>The receivers whose initial table has nothing to wait for.</summary>
    ulong Open { get; }

    /// <summary>Those of the receivers that are to hold the route as it is now. Only for a route with a feasible best path.</summary>
    ulong Eligible(in Route route, ulong receivers);

    void AppendPaths(in Route route, UpdateBatch batch);
}
