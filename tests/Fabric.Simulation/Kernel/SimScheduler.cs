namespace Fabric.Simulation.Kernel;

/// <summary>
/// The one thread of a simulated fabric: a queue of actions by virtual time. Actions of the same moment run in an order that
/// the seed decides, so that a run is one of the orders that could have been, and the same one at each replay.
/// </summary>
public sealed class SimScheduler(int seed)
{
    private readonly PriorityQueue<Action, (TimeSpan Due, int TieBreak, long Sequence)> _queue = new();
    private long _sequence;

    public Random Random { get; } = new(seed);

    /// <summary>Virtual time since the start.</summary>
    public TimeSpan Now { get; private set; }

    public long Steps { get; private set; }

    /// <summary>Runs after every action: the checkers that hold at each step.</summary>
    public Action? Stepped { get; set; }

    public void Schedule(TimeSpan delay, Action action)
    {
        var due = Now + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero);
        _queue.Enqueue(action, (due, Random.Next(), _sequence++));
    }

    /// <summary>Runs the next action, moving the clock to it.</summary>
    public bool Step()
    {
        if (!_queue.TryDequeue(out var action, out var priority))
        {
            return false;
        }

        Now = priority.Due;
        Steps++;
        action();
        Stepped?.Invoke();
        return true;
    }

    /// <summary>Lets virtual time pass, running all that falls due.</summary>
    public void Advance(TimeSpan by)
    {
        var end = Now + by;
        while (_queue.TryPeek(out _, out var next) && next.Due <= end)
        {
            Step();
        }

        Now = end;
    }

    /// <summary>Runs until the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not within the given virtual time.</exception>
    public void RunUntil(Func<bool> condition, TimeSpan within, string expectation)
    {
        var end = Now + within;
        while (!condition())
        {
            if (!_queue.TryPeek(out _, out var next) || next.Due > end)
            {
                throw new TimeoutException($"Not within {within.TotalSeconds} s of virtual time: {expectation}.");
            }

            Step();
        }
    }
}
