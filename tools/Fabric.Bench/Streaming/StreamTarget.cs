namespace Fabric.Bench.Streaming;

/// <summary>Where rows are to arrive.</summary>
/// <param name="Name">As the command line has it.</param>
/// <param name="Goal">Rows a second.</param>
/// <param name="UsesKafka">Acknowledged by a cluster; else in the journal.</param>
internal sealed record StreamTarget(string Name, int Goal, bool UsesKafka)
{
    public static readonly StreamTarget Journal = new("journal", 200_000, UsesKafka: false);
    public static readonly StreamTarget Kafka = new("kafka", 100_000, UsesKafka: true);

    /// <summary>Above the goal, so that who keeps up reaches it.</summary>
    public double Offered => Goal * 1.05;

    /// <summary>Rows that have arrived. Sequences count those too that found no room.</summary>
    public long Arrived(StreamFigures figures) => UsesKafka ? figures.Acknowledged - figures.Dropped : figures.Published;

    /// <summary>Nothing that is in the journal is still on its way.</summary>
    public bool HasAll(StreamFigures figures) => !UsesKafka || figures.Acknowledged >= figures.Last;
}
