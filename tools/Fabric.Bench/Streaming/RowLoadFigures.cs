namespace Fabric.Bench.Streaming;

/// <summary>What became of a load of reports.</summary>
/// <param name="Count">Reports that the agent's socket took.</param>
/// <param name="Rate">Rows a second that arrived, in the middle of the load.</param>
/// <param name="Offered">Those, a second.</param>
/// <param name="Lost">Reports without a row in the end.</param>
/// <param name="Agent">Share of a core that fabric-agent took.</param>
/// <param name="Broker">The same of fabric-broker.</param>
/// <param name="Generator">The same of the reports' generator.</param>
internal sealed record RowLoadFigures(long Count, double Rate, double Offered, long Lost, double Agent, double Broker, double Generator);
