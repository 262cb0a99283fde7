using System.Diagnostics;

namespace Fabric.Bench.Load;

/// <summary>When each probe was sent, and when the last of its receivers had it.</summary>
internal sealed class ProbeBoard(int probes, int receivers)
{
    private readonly long[] _sent = new long[probes];
    private readonly long[] _arrived = new long[probes];
    private readonly int[] _missing = Enumerable.Repeat(receivers, probes).ToArray();

    public int Arrived { get; private set; }

    public void Sent(int probe, long timestamp) => _sent[probe] = timestamp;

    public void Seen(int probe)
    {
        if (--_missing[probe] == 0)
        {
            _arrived[probe] = Stopwatch.GetTimestamp();
            Arrived++;
        }
    }

    public bool HasArrived(int probe) => _missing[probe] <= 0;

    /// <summary>Milliseconds of those that have arrived, sorted.</summary>
    public double[] Milliseconds(int first, int end) =>
        [
            .. Enumerable
                .Range(first, end - first)
                .Where(HasArrived)
                .Select(probe => Stopwatch.GetElapsedTime(_sent[probe], _arrived[probe]).TotalMilliseconds)
                .Order(),
        ];
}
