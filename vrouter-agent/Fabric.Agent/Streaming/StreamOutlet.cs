using Fabric.Analytics;
using Fabric.Streaming;

namespace Fabric.Agent.Streaming;

/// <summary>Where an agent's rows go. Nothing of it waits.</summary>
/// <param name="Publish">Takes a row, or counts it as dropped; from any thread.</param>
/// <param name="PublishFlows">The same for rows of sessions, which it copies.</param>
/// <param name="CountLostFlows">Hears of rows of sessions that were lost before they came here.</param>
internal sealed record StreamOutlet(Func<IStreamEvent, bool> Publish, FlowRowsTaker PublishFlows, Action<int> CountLostFlows)
{
    public static StreamOutlet To(EventStream stream) =>
        new(stream.TryPublish, rows => stream.Publish(rows), rows => stream.CountLost(Topic.Flows, rows));
}
