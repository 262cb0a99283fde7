using Fabric.Hosting.Metrics;
using Fabric.Runtime;
using Microsoft.Extensions.Logging;

namespace Fabric.Hosting.Loops;

/// <summary>
/// Sees that a loop runs: it is asked four times a second, how long it takes to answer is counted, and an answer that does not come is told.
/// A loop that hangs stops programming without a word otherwise, for what was programmed before goes on working.
/// </summary>
public sealed partial class LoopWatch : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);

    private readonly ILogger _logger;
    private ITimer? _timer;
    private long _askedAt;
    private int _isAsked;
    private int _wasStuck;

    /// <param name="name">The loop's, as in metrics and in /proc.</param>
    /// <param name="consequence">What does not happen while the loop does not run; ends a sentence.</param>
    /// <param name="time">The watch's own clock: the loop's stands still with it.</param>
    /// <param name="logger">Hears of a stuck loop, and of one that runs again.</param>
    public LoopWatch(string name, string consequence, IEventLoop loop, TimeProvider time, ILogger logger)
    {
        Name = name;
        Loop = loop;
        Consequence = consequence;
        Time = time;
        _logger = logger;
    }

    /// <summary>A loop that has not answered for so long is stuck.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);

    public string Name { get; }

    /// <summary>What does not happen while the loop does not run.</summary>
    public string Consequence { get; }

    /// <summary>Hears that the loop is stuck, and that it runs again; on the watch's own thread.</summary>
    public Action<LoopWatch, bool>? Changed { get; init; }

    public IEventLoop Loop { get; }

    /// <summary>The watch's own, which does not stand still with the loop.</summary>
    public TimeProvider Time { get; }

    /// <summary>From the question to the answer: what everything that is posted to the loop waits.</summary>
    public Histogram Latency { get; } = new();

    /// <summary>How long an answer has been owed; zero where none is.</summary>
    public TimeSpan Silence => Volatile.Read(ref _isAsked) != 0 ? Time.GetElapsedTime(Volatile.Read(ref _askedAt)) : TimeSpan.Zero;

    public bool IsStuck => Silence >= Patience;

    public LoopWatch Start()
    {
        _timer = Time.CreateTimer(static watch => ((LoopWatch)watch!).Look(), this, TimeSpan.Zero, s_interval);
        return this;
    }

    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        var isStuck = IsStuck ? 1 : 0;
        if (Interlocked.Exchange(ref _wasStuck, isStuck) != isStuck)
        {
            Tell(isStuck != 0);
        }

        // One question at a time: where the mailbox is full the timer's thread waits in it, and only that one.
        if (Interlocked.CompareExchange(ref _isAsked, 1, 0) == 0)
        {
            Volatile.Write(ref _askedAt, Time.GetTimestamp());
            Loop.Post(static watch => watch.Answer(), this);
        }
    }

    private void Answer()
    {
        Latency.Observe(Silence);
        Volatile.Write(ref _isAsked, 0);
    }

    private void Tell(bool isStuck)
    {
        Changed?.Invoke(this, isStuck);
        if (isStuck)
        {
            LogStuck(Name, Silence.TotalSeconds, Consequence);
        }
        else
        {
            LogRunsAgain(Name);
        }
    }

    [LoggerMessage(1004, LogLevel.Critical, "The {Loop} loop has not run for {Seconds:F0} s: {Consequence}.")]
    private partial void LogStuck(string loop, double seconds, string consequence);

    [LoggerMessage(1005, LogLevel.Information, "The {Loop} loop runs again.")]
    private partial void LogRunsAgain(string loop);
}
