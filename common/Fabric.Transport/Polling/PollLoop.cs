using System.Runtime.InteropServices;
using System.Threading.Channels;
using Fabric.Runtime;

namespace Fabric.Transport.Polling;

/// <summary>
/// A loop whose thread waits for its sockets itself, so that what arrives is read, worked on and answered in one wake-up. A turn:
/// <code>
/// 1. wait for sockets, posts and timers; do not wait where work is left
/// 2. readable sockets: one read each, at most 256 KiB, handed to its handler at once; timers that ring
/// 3. posts of other threads (a bounded mailbox, as ThreadLoop has)
/// 4. posts of the loop itself that are there by now: they see all that the turn has changed
/// 5. what was sent: one gathered write a connection
/// 6. one piece of the work that nobody waits for; if the turn found the loop idle, others that want this processor go before
/// </code>
/// </summary>
public sealed class PollLoop : IEventLoop, IDisposable
{
    private const int MailboxCapacity = 65_536;
    private const int MailsPerTurn = 1024;
    private const int ReceiveBufferBytes = 262_144;

    private readonly Epoll _epoll = new();
    private readonly Dictionary<long, IPolled> _polled = [];
    private readonly Channel<PostedWork> _mailbox;
    private readonly Queue<PostedWork> _ownPosts = new();
    private readonly Queue<PostedWork> _behind = new();
    private readonly LoopClock _clock;
    private readonly Action<Exception> _failed;
    private readonly Thread _thread;
    private List<PollConnection> _unflushed = [];
    private List<PollConnection> _flushing = [];
    private byte[] _receiveBuffer = GC.AllocateUninitializedArray<byte>(ReceiveBufferBytes, pinned: true);
    private long _lastIdentity = Epoll.Bell;
    private int _hasRung;
    private bool _hasMail;
    private volatile bool _isStopping;

    /// <param name="name">Shown by debuggers and in /proc.</param>
    /// <param name="time">What time it is for the loop's timers; one that runs by itself, for the loop waits as long as it says.</param>
    /// <param name="failed">Hears of an exception that escaped from work or a handler: a bug of ours. The loop goes on.</param>
    /// <exception cref="IOException">The system has no descriptors left.</exception>
    public PollLoop(string name, TimeProvider time, Action<Exception> failed)
    {
        _clock = new LoopClock(this, time);
        _failed = failed;
        _mailbox = Channel.CreateBounded<PostedWork>(
            new BoundedChannelOptions(MailboxCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }
        );
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    public TimeProvider Time => _clock;

    public int Queued => _mailbox.Reader.Count + _ownPosts.Count + _behind.Count;

    public bool IsCurrent => Thread.CurrentThread == _thread;

    internal OutputSegmentPool Segments { get; } = new();

    private bool HasWork => _ownPosts.Count > 0 || _unflushed.Count > 0 || _behind.Count > 0 || _hasMail;

    /// <summary>A poster that finds the mailbox full waits; the loop itself never does, since waiting for itself would never end.</summary>
    public void Post<T>(Action<T> work, T argument)
    {
        var post = PostedWork.Of(work, argument);
        if (IsCurrent)
        {
            _ownPosts.Enqueue(post);
        }
        else if (_mailbox.Writer.TryWrite(post) || WriteWhenThereIsRoom(post))
        {
            Ring();
        }
    }

    public void Post(Action work)
    {
        if (IsCurrent)
        {
            _ownPosts.Enqueue(PostedWork.Of(work));
        }
        else
        {
            Post(static work => work(), work);
        }
    }

    public void PostBehind(Action work)
    {
        if (IsCurrent)
        {
            _behind.Enqueue(PostedWork.Of(work));
        }
        else
        {
            Post(work);
        }
    }

    /// <summary>Runs what was posted before, then ends the thread.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _mailbox.Writer.TryComplete();
        _epoll.Ring();
        if (!IsCurrent)
        {
            _thread.Join();
            _epoll.Dispose();
        }
    }

    /// <summary>Begins to watch a socket; the number returned stands for the watch.</summary>
    internal long Watch(SafeHandle socket, PollEvents interest, IPolled polled)
    {
        var identity = ++_lastIdentity;
        _epoll.Add(socket, interest, identity);
        _polled.Add(identity, polled);
        return identity;
    }

    internal void ChangeInterest(SafeHandle socket, PollEvents interest, long identity) => _epoll.Change(socket, interest, identity);

    /// <summary>Ends a watch; before the socket is closed.</summary>
    internal void Unwatch(SafeHandle socket, long identity)
    {
        if (_polled.Remove(identity))
        {
            _epoll.Remove(socket);
        }
    }

    /// <summary>Has the connection write at the end of the turn.</summary>
    internal void FlushLater(PollConnection connection) => _unflushed.Add(connection);

    /// <summary>The loop's one buffer for receiving, with room behind what a connection has kept. Good until the next call.</summary>
    internal byte[] ReceiveBuffer(int keptBytes)
    {
        while (keptBytes > _receiveBuffer.Length / 2)
        {
            _receiveBuffer = GC.AllocateUninitializedArray<byte>(_receiveBuffer.Length * 2, pinned: true);
        }

        return _receiveBuffer;
    }

    private bool WriteWhenThereIsRoom(PostedWork post)
    {
        try
        {
            _mailbox.Writer.WriteAsync(post).AsTask().GetAwaiter().GetResult();
            return true;
        }
        catch (ChannelClosedException)
        {
            return false;
        }
    }

    private void Ring()
    {
        // One ring is enough until the loop has looked.
        if (Interlocked.Exchange(ref _hasRung, 1) == 0)
        {
            try
            {
                _epoll.Ring();
            }
            catch (ObjectDisposedException)
            {
                // The loop ended between the post and the ring.
            }
        }
    }

    private void Run()
    {
        while (!_isStopping || HasWork || _mailbox.Reader.TryPeek(out _))
        {
            Turn();
        }
    }

    // A method of its own: the runtime makes good code of what is called often, and Run is called once.
    private void Turn()
    {
        var wasIdle = !_isStopping && !HasWork;
        ServeSockets(wasIdle ? _clock.MillisecondsLeft() : 0);
        RingTimers();
        RunMailbox();
        RunOwnPosts();
        Flush();
        if (_behind.TryDequeue(out var work))
        {
            if (wasIdle)
            {
                // Who was just answered, and waits for this very processor, goes first.
                Thread.Yield();
            }

            Execute(work);
        }
    }

    private void ServeSockets(int waitMilliseconds)
    {
        var count = _epoll.Wait(waitMilliseconds);
        for (var i = 0; i < count; i++)
        {
            var (identity, events) = _epoll.Event(i);
            if (identity == Epoll.Bell)
            {
                _epoll.Silence();
                Interlocked.Exchange(ref _hasRung, 0);
                _hasMail = true;
            }
            else if (_polled.TryGetValue(identity, out var polled))
            {
                try
                {
                    polled.Ready(events);
                }
                catch (Exception exception)
                {
                    _failed(exception);
                }
            }
        }
    }

    private void RingTimers()
    {
        var now = _clock.GetTimestamp();
        while (_clock.TakeDue(now) is { } ring)
        {
            try
            {
                ring();
            }
            catch (Exception exception)
            {
                _failed(exception);
            }
        }
    }

    // Each post rings, so that turns without a ring need not look into the mailbox, which takes its lock.
    private void RunMailbox()
    {
        if (!_hasMail && !_isStopping)
        {
            return;
        }

        for (var i = 0; i < MailsPerTurn; i++)
        {
            _hasMail = _mailbox.Reader.TryRead(out var post);
            if (!_hasMail)
            {
                return;
            }

            Execute(post);
        }
    }

    // What these post in turn comes in the next one: sockets are served in between.
    private void RunOwnPosts()
    {
        for (var left = _ownPosts.Count; left > 0; left--)
        {
            Execute(_ownPosts.Dequeue());
        }
    }

    private void Flush()
    {
        (_unflushed, _flushing) = (_flushing, _unflushed);
        foreach (var connection in _flushing)
        {
            try
            {
                connection.Flush();
            }
            catch (Exception exception)
            {
                _failed(exception);
            }
        }

        _flushing.Clear();
    }

    private void Execute(PostedWork post)
    {
        try
        {
            post.Run();
        }
        catch (Exception exception)
        {
            _failed(exception);
        }
    }
}
