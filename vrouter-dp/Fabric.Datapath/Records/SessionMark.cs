using System.Runtime.InteropServices;

namespace Fabric.Datapath;

/// <summary>What is remembered of a slot whose session was reported: 8 bytes. Times are the low 32 bits of milliseconds.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SessionMark(long beganMilliseconds, long reportedMilliseconds)
{
    private readonly uint began = Math.Max(1, (uint)beganMilliseconds);
    private readonly uint reported = (uint)reportedMilliseconds;

    /// <summary>Nothing was reported of the slot's flow.</summary>
    public readonly bool IsNone => began == 0;

    /// <summary>It is of the session that began then, not of an earlier one in the same slot.</summary>
    public readonly bool IsOf(long beganMilliseconds) => began == Math.Max(1, (uint)beganMilliseconds);

    /// <summary>When the session began that it is of, which is not the one that is there now.</summary>
    public readonly long BeganBefore(long laterMilliseconds) => laterMilliseconds - ((uint)laterMilliseconds - began);

    /// <summary>So long ago the session was reported last.</summary>
    public readonly long Age(long nowMilliseconds) => (uint)nowMilliseconds - reported;

    /// <summary>A packet that came then is not in the last report.</summary>
    public readonly bool IsBefore(long milliseconds) => (int)((uint)milliseconds - reported) >= 0;
}
