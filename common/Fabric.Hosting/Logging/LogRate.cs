namespace Fabric.Hosting.Logging;

/// <summary>How many lines are written before those like them are counted instead.</summary>
internal sealed record LogRate
{
    public static LogRate Default { get; } = new();

    /// <summary>Lines of one event with one first value, such as a neighbour, that are written at once.</summary>
    public int SubjectBurst { get; init; } = 20;

    /// <summary>And a second after that.</summary>
    public double SubjectPerSecond { get; init; } = 2;

    /// <summary>Lines of one event with all its first values that are written at once.</summary>
    public int EventBurst { get; init; } = 200;

    /// <summary>And a second after that.</summary>
    public double EventPerSecond { get; init; } = 20;

    /// <summary>First values that are told apart at a time; of others the event's own limit holds.</summary>
    public int MaxSubjects { get; init; } = 4096;

    /// <summary>A flood that does not end is told of so often.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromMinutes(1);
}
