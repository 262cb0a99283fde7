namespace Fabric.Runtime;

/// <summary>
/// The owner of a core: everything posted to a loop runs one after the other, never beside each other. It is a thread
/// (<see cref="ThreadLoop"/>, or one that polls sockets as well) or the simulator's scheduler.
/// </summary>
public interface IEventLoop
{
    /// <summary>The loop's clock. Timers made from it through <see cref="LoopTimer"/> fire on the loop.</summary>
    TimeProvider Time { get; }

    /// <summary>Queues work from any thread. The order of posts from one thread is kept.</summary>
    void Post<T>(Action<T> work, T argument);

    /// <inheritdoc cref="Post{T}"/>
    /// <remarks>For who posts the same thing again and again: the runtime need not find out what the argument's type comes to.</remarks>
    void Post(Action work) => Post(static work => work(), work);

    /// <summary>
    /// Queues a piece of work that nobody waits for: a loop that serves sockets does it when the turn's answers are on their way, a piece a turn. The
    /// piece holds up what comes meanwhile, so it is to be small.
    /// </summary>
    void PostBehind(Action work) => Post(work);

    /// <summary>Posts that wait, as of now; from any thread.</summary>
    int Queued { get; }

    /// <summary>Whether the caller runs on this loop; for assertions at the door.</summary>
    bool IsCurrent { get; }
}
