namespace Fabric.Routing;

/// <summary>The order in which operators read routes: by RD, then IPv4 before IPv6, then prefix, the shorter one first.</summary>
public static class RouteKeyOrder
{
    public static IComparer<RouteKey> Comparer { get; } = Comparer<RouteKey>.Create(Compare);

    public static int Compare(RouteKey first, RouteKey second)
    {
        var order = first.Rd.CompareTo(second.Rd);
        order = order != 0 ? order : first.Kind.CompareTo(second.Kind);
        order = order != 0 ? order : first.High.CompareTo(second.High);
        order = order != 0 ? order : first.Low.CompareTo(second.Low);
        return order != 0 ? order : first.Length.CompareTo(second.Length);
    }
}
