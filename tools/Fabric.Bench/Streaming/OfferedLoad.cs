namespace Fabric.Bench.Streaming;

/// <summary>What a generator of reports did.</summary>
/// <param name="Count">Reports that the agent's socket took.</param>
/// <param name="Seconds">How long it ran.</param>
/// <param name="ProcessorSeconds">Processor time of its thread.</param>
internal sealed record OfferedLoad(long Count, double Seconds, double ProcessorSeconds);
