using Fabric.Routing;

namespace Fabric.Controller.Routes;

/// <summary>Puts the core's updates into a protocol's messages. Two: BGP's and XMPP's.</summary>
internal interface IUpdateWriter
{
    /// <summary>
    /// Encodes updates that all go to the same receivers of one group and table, once, and sends them to each. A run keeps the order in
    /// which the core gave it. The mark of a refresh is a run of its own.
    /// </summary>
    void Write(ReadOnlySpan<RouteUpdate> run, UpdateBatch batch);
}
