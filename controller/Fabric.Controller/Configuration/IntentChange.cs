using Fabric.Controller.Options;
using Fabric.Intent;
using Fabric.Primitives;

namespace Fabric.Controller.Configuration;

/// <summary>From the config loop to the routing loop: what differs since the revision before.</summary>
/// <param name="DynamicNeighbors">Those of an options file that was read again; null where it was not.</param>
internal sealed record IntentChange(ulong Revision, IntentDelta Delta, EquatableArray<DynamicNeighborOptions>? DynamicNeighbors = null);
