using System.Diagnostics;

namespace Fabric.Datapath.Kernel.Tests.Kernel;

/// <summary>The bucket of a vif's misses is filled on the machine's clock, also while a test waits for a processor.</summary>
internal static class MissBucket
{
    /// <summary>Tokens that came into it, at most, since a timestamp of <see cref="Stopwatch"/>.</summary>
    public static int FilledSince(long timestamp, int perSecond) => (int)(Stopwatch.GetElapsedTime(timestamp).TotalSeconds * perSecond);
}
