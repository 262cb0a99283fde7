using Fabric.Controller.Options;
using Fabric.Intent;

namespace Fabric.Controller.Configuration;

/// <summary>From the config loop to the routing loop: what differs since the revision before.</summary>
/// <param name="File">The options file that was read again; null where it was not.</param>
/// <param name="AskedAt">When a caller of the API asked for it, by the loops' clock; null where none did.</param>
internal sealed record IntentChange(ulong Revision, IntentDelta Delta, ControlNodeOptions? File = null, long? AskedAt = null)
{
    /// <summary>Of the first one: the control node has run before.</summary>
    public bool IsRestart { get; init; }
}
