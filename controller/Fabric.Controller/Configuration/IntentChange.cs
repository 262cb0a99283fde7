using Fabric.Intent;

namespace Fabric.Controller.Configuration;

/// <summary>From the config loop to the routing loop: what differs since the revision before.</summary>
internal sealed record IntentChange(ulong Revision, IntentDelta Delta);
