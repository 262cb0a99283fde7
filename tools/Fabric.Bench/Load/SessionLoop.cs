using System.Diagnostics;

namespace Fabric.Bench.Load;

/// <summary>One thread that serves all sessions of a run.</summary>
internal sealed class SessionLoop<TSession>(CancellationToken cancellation)
    where TSession : LoadSession
{
    private const int SmallRound = 1 << 15;

    // A daemon that writes an UPDATE at a time is not made to wake the tool for each: the pause costs it nothing and saves it cycles.
    private static readonly TimeSpan s_bulkPause = TimeSpan.FromMicroseconds(200);
    private static readonly TimeSpan s_maxWait = TimeSpan.FromMilliseconds(50);

    private readonly List<TSession> _sessions = [];
    private Kernel.PollDescriptor[] _descriptors = [];

    public IReadOnlyList<TSession> Sessions => _sessions;

    public void Add(TSession session)
    {
        // In order of their numbers, also when one comes again.
        _sessions.Add(session);
        _sessions.Sort((left, right) => left.Number.CompareTo(right.Number));
        _descriptors = new Kernel.PollDescriptor[_sessions.Count];
    }

    public void Remove(TSession session)
    {
        _sessions.Remove(session);
        _descriptors = new Kernel.PollDescriptor[_sessions.Count];
        session.Dispose();
    }

    /// <summary>Serves the sessions until <paramref name="isDone"/>; large tables are read in large pieces.</summary>
    /// <exception cref="BenchException">A session ended, or the time is over.</exception>
    public void RunUntil(Func<bool> isDone, TimeSpan limit, string what, bool isBulk)
    {
        var start = Stopwatch.GetTimestamp();
        while (!isDone())
        {
            var octets = Serve(s_maxWait);
            ThrowIfFaulted();
            if (isBulk && octets < SmallRound)
            {
                Kernel.Wait([], s_bulkPause);
            }

            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                throw new BenchException($"{what}: not done after {limit.TotalSeconds:0} s{Faults()}");
            }
        }
    }

    /// <summary>Serves them for that long, however little there is to do.</summary>
    public void RunFor(TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        for (var left = time; left > TimeSpan.Zero; left = time - Stopwatch.GetElapsedTime(start))
        {
            Serve(left < s_maxWait ? left : s_maxWait);
            ThrowIfFaulted();
        }
    }

    /// <summary>Waits for whatever comes first, and serves it.</summary>
    /// <returns>Octets read.</returns>
    public int Serve(TimeSpan wait)
    {
        cancellation.ThrowIfCancellationRequested();
        for (var index = 0; index < _descriptors.Length; index++)
        {
            var session = _sessions[index];
            _descriptors[index] = new Kernel.PollDescriptor
            {
                Descriptor = session.Descriptor,
                Wanted = session.HasMoreToSend ? (short)(Kernel.Readable | Kernel.Writable) : Kernel.Readable,
            };
        }

        if (Kernel.Wait(_descriptors, wait) == 0)
        {
            return 0;
        }

        var octets = 0;
        for (var index = 0; index < _descriptors.Length; index++)
        {
            var ready = _descriptors[index].Ready;
            if ((ready & Kernel.Writable) != 0)
            {
                _sessions[index].Flush();
            }

            if ((ready & ~Kernel.Writable) != 0)
            {
                octets += _sessions[index].Receive();
            }
        }

        return octets;
    }

    public void ThrowIfFaulted()
    {
        foreach (var session in _sessions)
        {
            if (session.Fault is { } fault)
            {
                throw new BenchException(fault);
            }
        }
    }

    private string Faults() =>
        _sessions.Select(session => session.FirstWrong).FirstOrDefault(fault => fault is not null) is { } fault ? $" ({fault})" : "";
}
