using Fabric.Controller.Options;
using Fabric.Intent;

namespace Fabric.Controller.Configuration;

/// <summary>From the config loop to the routing loop: what differs since the revision before.</summary>
/// <param name="File">The options file that was read again; null where it was not.</param>
internal sealed record IntentChange(ulong Revision, IntentDelta Delta, ControlNodeOptions? File = null);
