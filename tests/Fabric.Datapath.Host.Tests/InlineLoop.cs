using Fabric.Runtime;

namespace Fabric.Datapath.Host.Tests;

/// <summary>A loop that is the test's own thread: posts run at once.</summary>
internal sealed class InlineLoop : IEventLoop
{
    public TimeProvider Time => TimeProvider.System;

    public bool IsCurrent => true;

    public void Post<T>(Action<T> work, T argument) => work(argument);
}
