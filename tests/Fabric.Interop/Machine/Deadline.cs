using System.Diagnostics;

namespace Fabric.Interop.Machine;

/// <summary>A point in time to wait until; what several waits share, so that one fault costs its patience once.</summary>
internal sealed class Deadline(TimeSpan patience)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public bool IsOver => Stopwatch.GetElapsedTime(_start) > patience;
}
