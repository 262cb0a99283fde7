namespace Fabric.Bench.Streaming;

/// <summary>One turn of a work.</summary>
/// <param name="Programs">What takes part.</param>
/// <param name="Time">How long to measure.</param>
/// <param name="Cancellation">Ends it early.</param>
internal sealed record StreamTurn(StreamPrograms Programs, TimeSpan Time, CancellationToken Cancellation);
