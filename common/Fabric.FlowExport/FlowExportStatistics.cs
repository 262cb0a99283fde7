using System.Net;

namespace Fabric.FlowExport;

/// <summary>How the export does, at one moment. Counts are of this run.</summary>
/// <param name="Rows">Rows that were taken and told to every collector.</param>
/// <param name="Dropped">Rows that found no room on their way.</param>
/// <param name="Sessions">Sessions of which is kept what was reported.</param>
public sealed record FlowExportStatistics(long Rows, long Dropped, long Sessions, IReadOnlyList<CollectorStatistics> Collectors);

/// <param name="Protocol">"ipfix" or "sflow".</param>
/// <param name="Sent">Datagrams that were handed to the kernel.</param>
/// <param name="Failed">Datagrams that it refused, or that the collector's host did: UDP says no more.</param>
public sealed record CollectorStatistics(string Protocol, IPEndPoint Collector, long Sent, long Failed);
