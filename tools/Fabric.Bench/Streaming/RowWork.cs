namespace Fabric.Bench.Streaming;

/// <summary>How many rows of sessions arrive, with nothing else running.</summary>
internal sealed class RowWork(StreamTarget target) : IStreamWork
{
    /// <summary>Rates beyond the goal, in parts of it.</summary>
    private static readonly double[] s_more = [1.3, 1.6, 2, 2.5, 3];

    /// <summary>A generator that the agent's socket holds up by more than this has found the greatest rate.</summary>
    private const double LeastShare = 0.98;

    private const long MegaByte = 1_000_000;

    // At 200,000 a second the journal holds the newest 8 seconds.
    private const int SampledRange = 1_000_000;

    private readonly StreamMeasure _rate = new(
        target.UsesKafka ? "rows/s acknowledged" : "rows/s into the journal",
        "0",
        Goal: target.Goal
    );

    public string Name => target.Name;

    public IReadOnlyDictionary<StreamMeasure, double> Run(StreamTurn turn)
    {
        using var host = new HostUnderTest(turn.Programs, target.UsesKafka, turn.Cancellation);
        var load = new RowLoad(host, target, turn.Cancellation);
        load.WarmUp();
        var figures = load.Run(target.Offered, () => turn.Cancellation.WaitHandle.WaitOne(turn.Time));
        var count = SampledRows.CheckJournal(host, Math.Min(figures.Count - figures.Lost, SampledRange), figures.Lost == 0);
        var result = new Dictionary<StreamMeasure, double>
        {
            [_rate] = figures.Rate,
            [StreamMeasure.Lost] = figures.Lost,
            [StreamMeasure.Greatest] = figures.Lost == 0 ? Math.Max(figures.Rate, Greatest(load, turn)) : 0,
            [StreamMeasure.AgentProcessor] = figures.Agent,
            [StreamMeasure.GeneratorProcessor] = figures.Generator,
            [StreamMeasure.AgentMemory] = (double)host.Agent.PeakResident / MegaByte,
        };
        if (target.UsesKafka)
        {
            count += SampledRows.CheckKafka(host, figures.Lost == 0, turn.Cancellation);
            result[StreamMeasure.BrokerProcessor] = figures.Broker;
        }

        result[StreamMeasure.Checked] = count;
        return result;
    }

    private double Greatest(RowLoad load, StreamTurn turn)
    {
        var greatest = 0.0;
        foreach (var part in s_more)
        {
            var rate = part * target.Goal;
            var figures = load.Run(rate, () => turn.Cancellation.WaitHandle.WaitOne(turn.Time / 2));
            if (figures.Lost > 0)
            {
                break;
            }

            greatest = Math.Max(greatest, figures.Rate);
            if (figures.Offered < LeastShare * rate || figures.Rate < LeastShare * rate)
            {
                break;
            }
        }

        return greatest;
    }
}
