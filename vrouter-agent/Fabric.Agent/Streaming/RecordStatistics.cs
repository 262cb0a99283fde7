namespace Fabric.Agent.Streaming;

/// <summary>What came of the data plane's reports since the agent started.</summary>
public sealed record RecordStatistics
{
    /// <summary>Reports of sessions.</summary>
    public long Flows { get; init; }

    /// <summary>Reports of drops.</summary>
    public long Drops { get; init; }

    /// <summary>Reports, or their names, that could not be read.</summary>
    public long Malformed { get; init; }

    /// <summary>Numbers without a name; their rows lack it.</summary>
    public long UnknownNames { get; init; }

    /// <summary>Reports that found no room at the data plane since it started.</summary>
    public ulong Lost { get; init; }

    /// <summary>Where sessions are summed up: rows that went out one by one.</summary>
    public long Unsummed { get; init; }

    /// <summary>Where sessions are summed up: summaries that ended before their time.</summary>
    public long EarlySummaries { get; init; }
}
