namespace Fabric.Bench.Datapath.Load;

/// <param name="PerSecond">Flows a second while they were offered.</param>
/// <param name="Offered">Datagrams sent.</param>
/// <param name="Received">Of those, in the end.</param>
internal sealed record NewFlowFigures(double PerSecond, long Offered, long Received);
