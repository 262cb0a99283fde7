using Fabric.Analytics;

namespace Fabric.Agent.Streaming;

/// <summary>Takes rows, which are its own only until it returns.</summary>
public delegate void FlowRowsTaker(ReadOnlySpan<FlowRow> rows);
