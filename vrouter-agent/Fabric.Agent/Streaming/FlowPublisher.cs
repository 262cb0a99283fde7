using Fabric.Analytics;

namespace Fabric.Agent.Streaming;

/// <summary>Where all rows of sessions come out, some hundred at a time, on the agent's loop.</summary>
internal sealed class FlowPublisher(FlowRowsTaker stream)
{
    /// <summary>Takes the same rows after the stream.</summary>
    public FlowRowsTaker? Exporter { get; set; }

    public void Publish(ReadOnlySpan<FlowRow> rows)
    {
        stream(rows);
        Exporter?.Invoke(rows);
    }
}
