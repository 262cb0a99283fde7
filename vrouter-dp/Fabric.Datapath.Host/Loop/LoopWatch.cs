namespace Fabric.Datapath.Host.Loop;

/// <summary>
/// Sees that the worker loop runs: it shows a heartbeat each 100 ms, and one that stays away is told at once. Established flows go on
/// meanwhile by the kernel's programs; nothing new is set up and no table is taken, which nobody would notice for long otherwise.
/// </summary>
public sealed partial class LoopWatch : IDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    /// <summary>A loop that has not run for so long is stuck.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private ITimer? _timer;
    private long _lastBeat;
    private bool _isStuck;

    /// <param name="time">The clock, the loop's own.</param>
    /// <param name="logger">Hears of a stuck loop, and of one that runs again.</param>
    public LoopWatch(TimeProvider time, ILogger logger)
    {
        _time = time;
        _logger = logger;
        _lastBeat = time.GetTimestamp();
    }

    /// <summary>How long ago the loop ran.</summary>
    public TimeSpan Silence => _time.GetElapsedTime(Volatile.Read(ref _lastBeat));

    public bool IsStuck => Silence >= Patience;

    /// <summary>The loop runs. Called by it.</summary>
    public void Beat() => Volatile.Write(ref _lastBeat, _time.GetTimestamp());

    /// <summary>Begins to look; the loop has begun to beat.</summary>
    public void Start()
    {
        Beat();
        _timer = _time.CreateTimer(_ => Look(), state: null, _interval, _interval);
    }

    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        var isStuck = IsStuck;
        if (isStuck && !_isStuck)
        {
            LogStuck(Silence.TotalSeconds);
        }
        else if (!isStuck && _isStuck)
        {
            LogRunsAgain();
        }

        _isStuck = isStuck;
    }

    [LoggerMessage(
        110,
        LogLevel.Critical,
        "The worker loop has not run for {Seconds:F0} s: established flows go on, but no new flow is set up and no table is taken."
    )]
    private partial void LogStuck(double seconds);

    [LoggerMessage(111, LogLevel.Information, "The worker loop runs again.")]
    private partial void LogRunsAgain();
}
