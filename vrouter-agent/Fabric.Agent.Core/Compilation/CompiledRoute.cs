using Fabric.Agent.Core.Tables;
using Fabric.Primitives;

namespace Fabric.Agent.Core.Compilation;

/// <summary>A route of a VRF as the data plane should have it. Label 0: none.</summary>
public sealed record CompiledRoute(NextHopKey NextHop, uint Label, EquatableArray<uint> SecurityGroups, string Network);
