using Fabric.Analytics;

namespace Fabric.Controller.Streaming;

/// <summary>Takes rows, which are its own only until it returns, or counts them as dropped; without waiting.</summary>
internal delegate void RouteRowsTaker(ReadOnlySpan<RouteRow> rows);
