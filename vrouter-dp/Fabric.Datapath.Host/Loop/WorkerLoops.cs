using Fabric.Runtime;

namespace Fabric.Datapath.Host.Loop;

/// <summary>The workers' loops, the first one's at 0. Ended in the opposite order: the first owns what the others use.</summary>
internal sealed class WorkerLoops : List<EpollLoop>, IDisposable
{
    /// <param name="count">How many.</param>
    /// <param name="time">The clock of their timers.</param>
    /// <param name="failed">Hears of exceptions that escaped; from any of the loops.</param>
    /// <exception cref="IOException">The system has no descriptors left.</exception>
    public WorkerLoops(int count, TimeProvider time, Action<Exception> failed)
        : base(count)
    {
        for (var worker = 0; worker < count; worker++)
        {
            Add(new EpollLoop(worker == 0 ? "fabric-dp" : $"fabric-dp-{worker}", time, failed));
        }
    }

    /// <summary>Runs what ends each of the others on its loop, and ends that loop.</summary>
    public async Task EndOthersAsync(Action<int> stop)
    {
        for (var worker = Count - 1; worker > 0; worker--)
        {
            await this[worker].RunAsync(() => stop(worker));
            this[worker].Dispose();
            RemoveAt(worker);
        }
    }

    public void Dispose()
    {
        for (var worker = Count - 1; worker >= 0; worker--)
        {
            this[worker].Dispose();
        }
    }
}
