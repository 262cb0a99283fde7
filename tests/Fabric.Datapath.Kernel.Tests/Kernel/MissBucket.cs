using System.Diagnostics;

namespace Fabric.Datapath.Kernel.Tests.Kernel;

/// <summary>The bucket of a vif's misses is filled on the machine's clock, also while a test waits for a processor.</summary>
internal static class MissBucket
{
    /// <summary>Tokens that came into it, at most, since a timestamp of <see cref="Stopwatch"/>.</summary>
    /// <remarks>The bucket knows whole milliseconds: of those that have begun there is one more than have passed.</remarks>
    public static int FilledSince(long timestamp, int perSecond) =>
        (int)(((long)Stopwatch.GetElapsedTime(timestamp).TotalMilliseconds + 1) * perSecond / 1000);
}
