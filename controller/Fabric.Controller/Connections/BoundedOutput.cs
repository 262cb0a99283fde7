using Fabric.Runtime;

namespace Fabric.Controller.Connections;

/// <summary>
/// What a far end that does not read may cost. Owned by the routing loop.
/// <code>
/// above 256 KiB unread     no routes are written; they coalesce in the routing core
/// so for 8 minutes         the connection is reset: its far end lives, but does not work (RFC 9687)
/// above 64 MiB unread      the same at once, for what is not held back: an agent's configuration, refreshes
/// 10 s after its closing   what is still unread is given up
/// </code>
/// </summary>
internal sealed class BoundedOutput : IDisposable
{
    private const int HighWaterBytes = 1 << 18;
    private const int MaxPendingBytes = 64 << 20;

    private static readonly TimeSpan s_sendHoldTime = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan s_lingerTime = TimeSpan.FromSeconds(10);

    private readonly IConnection _connection;
    private readonly IEventLoop _loop;
    private readonly Action<bool> _blocked;
    private readonly LoopTimer _timer;
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

    /// <summary>Why this side has reset the connection; null where it has not.</summary>
    public string? ResetReason { get; private set; }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        _connection.Send(bytes);
        Judge();
    }

    /// <summary>What many connections are sent; this one queues it by reference.</summary>
    public void Send(OutputRun run)
    {
        run.SendTo(_connection);
        Judge();
    }

    /// <summary>All that was sent has been taken.</summary>
    public void Drained()
    {
        if (_isBlocked && !_isClosing)
        {
            _isBlocked = false;
            _timer.Cancel();
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

    private void Judge()
    {
        if (!_isBlocked && _connection.PendingBytes > HighWaterBytes)
        {
            _isBlocked = true;
            _timer.Set(s_sendHoldTime);
            _blocked(true);
        }
        else if (_connection.PendingBytes > MaxPendingBytes)
        {
            Reset($"it has left more than {MaxPendingBytes >> 20} MiB unread");
        }
    }

    private void TimeIsOver()
    {
        if (_isClosing)
        {
            _connection.Close(abort: true);
        }
        else
        {
            Reset($"it has read nothing to the end for {s_sendHoldTime.TotalMinutes} minutes");
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
