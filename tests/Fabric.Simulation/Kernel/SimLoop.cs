using Fabric.Runtime;

namespace Fabric.Simulation.Kernel;

/// <summary>A node's loop on the simulator's one thread. A crash drops all that was posted and all that will be.</summary>
public sealed class SimLoop(SimScheduler scheduler, TimeProvider time) : IEventLoop
{
    private readonly Queue<Action> _posts = new();
    private bool _crashed;
    private bool _running;
    private bool _scheduled;

    public TimeProvider Time => time;

    public int Queued => _posts.Count;

    public bool IsCurrent => _running;

    /// <summary>Messages run so far: what tells a checker that this loop's state may have changed.</summary>
    public long Runs { get; private set; }

    public void Post<T>(Action<T> work, T argument)
    {
        if (_crashed)
        {
            return;
        }

        _posts.Enqueue(() => work(argument));
        Wake();
    }

    public void Crash()
    {
        _crashed = true;
        _posts.Clear();
    }

    private void Wake()
    {
        if (!_scheduled)
        {
            _scheduled = true;
            scheduler.Schedule(TimeSpan.Zero, RunOne);
        }
    }

    /// <summary>One message a step, so that the checkers see the state between any two.</summary>
    private void RunOne()
    {
        _scheduled = false;
        if (_crashed || !_posts.TryDequeue(out var work))
        {
            return;
        }

        Runs++;
        _running = true;
        try
        {
            work();
        }
        finally
        {
            _running = false;
        }

        if (_posts.Count > 0)
        {
            Wake();
        }
    }
}
