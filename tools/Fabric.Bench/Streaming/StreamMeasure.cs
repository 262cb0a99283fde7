namespace Fabric.Bench.Streaming;

/// <summary>Something that is measured, with its unit and, where there is one, its goal.</summary>
/// <param name="Name">As the results have it.</param>
/// <param name="Format">Of its values.</param>
/// <param name="Goal">Null: it is information.</param>
/// <param name="IsLessBetter">The goal is the most that it may be; else the least.</param>
internal sealed record StreamMeasure(string Name, string Format, double? Goal = null, bool IsLessBetter = false)
{
    public static readonly StreamMeasure Lost = new("reports without a row", "0", Goal: 0, IsLessBetter: true);
    public static readonly StreamMeasure Greatest = new("greatest rate without loss, rows/s", "0");
    public static readonly StreamMeasure Checked = new("rows read back and right", "0");
    public static readonly StreamMeasure AgentProcessor = new("fabric-agent, share of a core", "0.00");
    public static readonly StreamMeasure BrokerProcessor = new("fabric-broker, share of a core", "0.00");
    public static readonly StreamMeasure GeneratorProcessor = new("generator of reports, share of a core", "0.00");
    public static readonly StreamMeasure DatapathProcessor = new("both fabric-dp, share of a core", "0.00");
    public static readonly StreamMeasure SoftInterrupts = new("soft interrupts, share of a core", "0.00");
    public static readonly StreamMeasure AgentMemory = new("fabric-agent, peak RSS, MB", "0");

    public string? GoalText => Goal is { } goal ? $"{(IsLessBetter ? "<=" : ">=")} {goal:0.##}" : null;

    public bool? IsMet(double value) => Goal is { } goal ? (IsLessBetter ? value <= goal : value >= goal) : null;
}
