namespace Fabric.Runtime.Tests;

/// <summary>A loop that runs when the test says so, on a clock that the test moves.</summary>
internal sealed class ManualLoop(ManualTime time) : IEventLoop
{
    private readonly Queue<Action> _posts = new();

    public TimeProvider Time => time;

    public bool IsCurrent => true;

    public void Post<T>(Action<T> work, T argument) => _posts.Enqueue(() => work(argument));

    public void RunPosted()
    {
        while (_posts.TryDequeue(out var work))
        {
            work();
        }
    }
}
