namespace Fabric.Datapath.Shared;

/// <summary>
/// Holds the lock of the set of flows. A program of the kernel that holds it is not preempted and lets go within a microsecond, so
/// waiting for it is spinning; a program that finds it held gives up soon and hands its packet to C#.
/// </summary>
internal readonly ref struct FlowLock
{
    private const uint Free = 0;
    private const uint OfProcess = 2;
    private const int NeverSleep = -1;
    private readonly ref uint word;

    private FlowLock(ref uint word) => this.word = ref word;

    public static FlowLock Take(ref FlowTableSlot table)
    {
        var wait = default(SpinWait);
        while (Interlocked.CompareExchange(ref table.Lock, OfProcess, Free) != Free)
        {
            wait.SpinOnce(NeverSleep);
        }

        return new FlowLock(ref table.Lock);
    }

    /// <summary>The same at the start of a process, which may find the lock as an earlier one left it when it was killed.</summary>
    public static FlowLock TakeOver(ref FlowTableSlot table)
    {
        var wait = default(SpinWait);
        while (Interlocked.CompareExchange(ref table.Lock, OfProcess, Free) is not (Free or OfProcess))
        {
            wait.SpinOnce(NeverSleep);
        }

        return new FlowLock(ref table.Lock);
    }

    public void Dispose() => Volatile.Write(ref word, Free);
}
