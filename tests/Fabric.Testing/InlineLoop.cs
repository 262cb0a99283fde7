using Fabric.Runtime;

namespace Fabric.Testing;

/// <summary>A loop that is the test's own thread: posts run at once.</summary>
public sealed class InlineLoop : IEventLoop
{
    public TimeProvider Time => TimeProvider.System;

    public int Queued => 0;

    public bool IsCurrent => true;

    public void Post<T>(Action<T> work, T argument) => work(argument);
}
