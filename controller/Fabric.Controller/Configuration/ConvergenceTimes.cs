using Fabric.Hosting.Metrics;

namespace Fabric.Controller.Configuration;

/// <summary>How long changes by the API took on their way, each from the call; written by the loop that ends the stage.</summary>
internal sealed class ConvergenceTimes
{
    /// <summary>Until the transaction is durable and the intent has it.</summary>
    public Histogram Durable { get; } = new();

    /// <summary>Until the routing loop has changed its tables and has written what agents and neighbours are to hear.</summary>
    public Histogram Applied { get; } = new();
}
