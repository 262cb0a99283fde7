using Fabric.Runtime;

namespace Fabric.Agent.Node;

/// <summary>
/// Sees a data plane that holds its connection and does nothing: established flows go on then by the kernel's programs, and nobody would
/// notice for long that nothing new is set up. A sign of life is owed each second by one that shows its heartbeat, and by any that has been
/// given tables and has not answered. Used on the agent's loop only.
/// </summary>
internal sealed class DataPlaneWatch : IDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    // After a pause of the agent itself the timer may ring before what has come meanwhile is read: one look is no proof.
    private const int LooksUntilAlarm = 2;

    private readonly IEventLoop _loop;
    private readonly LoopTimer _timer;
    private readonly Action<TimeSpan> _stuck;
    private readonly Action _runsAgain;
    private long _lastHeard;
    private bool _beats;
    private bool _isAnswerOwed;
    private int _looks;

    /// <param name="loop">The agent's.</param>
    /// <param name="stuck">Told once when the data plane is stuck, with how long it has been silent.</param>
    /// <param name="runsAgain">Told when it runs again.</param>
    public DataPlaneWatch(IEventLoop loop, Action<TimeSpan> stuck, Action runsAgain)
    {
        _loop = loop;
        _stuck = stuck;
        _runsAgain = runsAgain;
        _timer = new LoopTimer(loop, Look);
    }

    /// <summary>A silence of more than this is an alarm, two seconds later at most.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);

    public bool IsStuck { get; private set; }

    /// <summary>How long a sign of life has been owed; zero while none is.</summary>
    public TimeSpan Silence => _beats || _isAnswerOwed ? _loop.Time.GetElapsedTime(_lastHeard) : TimeSpan.Zero;

    public void Connected()
    {
        Disconnected();
        _timer.Set(_interval);
    }

    public void Disconnected()
    {
        _beats = false;
        _isAnswerOwed = false;
        _looks = 0;
        IsStuck = false;
        _timer.Cancel();
    }

    /// <summary>Tables were sent.</summary>
    public void Asked()
    {
        if (Silence == TimeSpan.Zero)
        {
            _lastHeard = _loop.Time.GetTimestamp();
        }

        _isAnswerOwed = true;
    }

    /// <summary>The data plane showed its heartbeat.</summary>
    public void Beat()
    {
        _beats = true;
        Heard();
    }

    /// <summary>The data plane answered.</summary>
    /// <param name="isLast">Nothing else is to be answered.</param>
    public void Answered(bool isLast)
    {
        _isAnswerOwed = !isLast;
        Heard();
    }

    public void Dispose() => _timer.Dispose();

    private void Heard()
    {
        _lastHeard = _loop.Time.GetTimestamp();
        _looks = 0;
        if (IsStuck)
        {
            IsStuck = false;
            _runsAgain();
        }
    }

    private void Look()
    {
        _looks = Silence > Patience ? _looks + 1 : 0;
        if (_looks >= LooksUntilAlarm && !IsStuck)
        {
            IsStuck = true;
            _stuck(Silence);
        }

        _timer.Set(_interval);
    }
}
