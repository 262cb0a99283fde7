using Fabric.Runtime;

namespace Fabric.Controller.Connections;

/// <summary>
/// What a far end that does not read may cost. Owned by the routing loop.
/// <code>
/// nothing read for 8 min   (or a longer time that the session asks for) of whatever there is: the connection is reset, since its far end lives, but does not work (RFC 9687)
/// above 256 KiB unread     no routes are written; they coalesce in the routing core
/// so for as long           the connection is reset, though some of it has been read
/// above 64 MiB unread      the same at once, for what is not held back: an agent's configuration, refreshes
/// 10 s after its closing   what is still unread is given up
/// </code>
/// </summary>
internal sealed class BoundedOutput : IDisposable
{
    private const int HighWaterBytes = 1 << 18;
    private const int MaxPendingBytes = 64 << 20;

    private static readonly TimeSpan s_lingerTime = TimeSpan.FromSeconds(10);

    private readonly IConnection _connection;
    private readonly IEventLoop _loop;
    private readonly Action<bool> _blocked;
    private readonly LoopTimer _timer;
    private long _sent;
    private long _takenBefore;
    private bool _isDrained = true;
    private bool _isBlocked;
    private bool _isClosing;

    /// <param name="blocked">Hears whether routes are to be held back.</param>
    public BoundedOutput(IConnection connection, IEventLoop loop, Action<bool> blocked)
    {
        _connection = connection;
        _loop = loop;
        _blocked = blocked;
        _timer = new LoopTimer(loop, TimeIsOver);
    }

    /// <summary>How long the far end may read nothing; what it has left unread by now has that time from now on.</summary>
    public TimeSpan SendHoldTime
    {
        get;
        set
        {
            field = value;
            if (!_isDrained && !_isClosing)
            {
                Wait();
            }
        }
    } = TimeSpan.FromMinutes(8);

    /// <summary>Why this side has reset the connection; null where it has not.</summary>
    public string? ResetReason { get; private set; }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        _connection.Send(bytes);
        Sent(bytes.Length);
    }

    /// <summary>What many connections are sent; this one queues it by reference.</summary>
    public void Send(OutputRun run)
    {
        run.SendTo(_connection);
        Sent(run.Length);
    }

    /// <summary>All that was sent has been taken.</summary>
    public void Drained()
    {
        _isDrained = true;
        if (_isBlocked && !_isClosing)
        {
            _isBlocked = false;
            _blocked(false);
        }
    }

    /// <summary>Closes when what was sent has been taken, but does not wait long for that.</summary>
    public void Close()
    {
        if (!_isClosing)
        {
            _isClosing = true;
            _connection.Close();
            if (_connection.PendingBytes > 0)
            {
                _timer.Set(s_lingerTime);
            }
        }
    }

    /// <summary>The connection is gone.</summary>
    public void Dispose()
    {
        _isClosing = true;
        _timer.Dispose();
    }

    // Bytes that have been taken or not, as PendingBytes says.
    private long Taken => _sent - _connection.PendingBytes;

    private void Sent(int bytes)
    {
        if (_isClosing)
        {
            return;
        }

        _sent += bytes;
        if (_isDrained)
        {
            // To put the timer off costs a look at the clock, to stop it whenever all was read would cost more.
            _isDrained = false;
            Wait();
        }

        if (!_isBlocked && _connection.PendingBytes > HighWaterBytes)
        {
            _isBlocked = true;
            Wait();
            _blocked(true);
        }
        else if (_connection.PendingBytes > MaxPendingBytes)
        {
            Reset($"it has left more than {MaxPendingBytes >> 20} MiB unread");
        }
    }

    private void Wait()
    {
        _takenBefore = Taken;
        _timer.Set(SendHoldTime);
    }

    private void TimeIsOver()
    {
        if (_isClosing)
        {
            _connection.Close(abort: true);
        }
        else if (!_isDrained && (_isBlocked || Taken == _takenBefore))
        {
            Reset($"it has read nothing to the end for {SendHoldTime.TotalMinutes} minutes");
        }
        else if (!_isDrained)
        {
            Wait();
        }
    }

    // Later, not amid the writing of updates for many receivers.
    private void Reset(string reason)
    {
        if (ResetReason is null)
        {
            ResetReason = reason;
            _loop.Post(static connection => connection.Close(abort: true), _connection);
        }
    }
}
