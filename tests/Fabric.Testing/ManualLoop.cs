using Fabric.Runtime;

namespace Fabric.Testing;

/// <summary>A loop that runs when the test says so, on a clock that the test moves.</summary>
public sealed class ManualLoop : IEventLoop
{
    private readonly Queue<Action> _posts = new();

    public ManualTime Time { get; } = new();

    TimeProvider IEventLoop.Time => Time;

    public int Queued => _posts.Count;

    public bool IsCurrent { get; private set; }

    public void Post<T>(Action<T> work, T argument) => _posts.Enqueue(() => work(argument));

    /// <summary>Runs work, and all that was posted before and by it.</summary>
    public void Run(Action work)
    {
        Post(static work => work(), work);
        RunPosted();
    }

    public void RunPosted()
    {
        IsCurrent = true;
        while (_posts.TryDequeue(out var work))
        {
            work();
        }

        IsCurrent = false;
    }

    /// <summary>Moves the clock; what a timer posts runs at the time of that timer.</summary>
    public void Advance(TimeSpan by) => Time.Advance(by, RunPosted);
}
