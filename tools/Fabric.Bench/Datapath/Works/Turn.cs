using Fabric.Bench.Datapath.Testbeds;

namespace Fabric.Bench.Datapath.Works;

/// <summary>One candidate's turn in a round.</summary>
/// <param name="Testbed">Of the work's plan, ready.</param>
/// <param name="Another">Makes one of another plan, ready too, that lasts as long as the turn.</param>
/// <param name="Time">How long to measure.</param>
/// <param name="Cancellation">Ends it early.</param>
internal sealed record Turn(Testbed Testbed, Func<TestbedPlan, Testbed> Another, TimeSpan Time, CancellationToken Cancellation);
