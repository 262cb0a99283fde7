namespace Fabric.Routing;

/// <summary>Sizes of the RIB. Memory is native, which the collector does not know of: its tables, the attribute sets among them (decision 7).</summary>
public sealed record RoutingCounters(int VpnRoutes, int VrfRoutes, int Memberships, int Paths, int AttributeSets, long MemoryBytes);
