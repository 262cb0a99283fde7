using Fabric.Datapath.Shared;

namespace Fabric.Datapath;

/// <summary>What an entry says of a packet, read as a whole while others may have changed it.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Rule">The number of its rule.</param>
/// <param name="ValidatedAt">The change of the tables by which it was made.</param>
internal readonly record struct FlowRuling(FlowVerdictWord Verdict, uint Rule, long ValidatedAt);
