using System.Collections.Concurrent;
using Fabric.Datapath.Host.Native;
using Fabric.Runtime;

namespace Fabric.Datapath.Host.Loop;

/// <summary>
/// The worker loop: one thread that waits in epoll for packets, posts and timers at once. A descriptor's handler takes a bounded
/// share of what is ready (level-triggered, so the rest rings again), which keeps one busy port from starving the others.
/// </summary>
public sealed unsafe class EpollLoop : IEventLoop, IDisposable
{
    private const int PostsPerTurn = 256;
    private const int EventsPerTurn = 64;
    private const int MailboxCapacity = 65_536;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int EventSize = IsX64 ? 12 : 16;
    private static readonly int EventDataOffset = IsX64 ? 4 : 8;

    private readonly Descriptor _epoll;
    private readonly Descriptor _bell;
    private readonly BlockingCollection<Work> _mailbox = new(new ConcurrentQueue<Work>(), MailboxCapacity);
    private readonly Queue<Work> _ownPosts = new();
    private readonly Dictionary<int, Action> _ready = [];
    private readonly LoopClock _clock;
    private readonly Action<Exception> _failed;
    private readonly Thread _thread;
    private int _rung;
    private volatile bool _stopping;

    /// <param name="name">Shown by debuggers and in /proc.</param>
    /// <param name="time">What time it is for the loop's timers; one that runs by itself, for the loop waits as long as it says.</param>
    /// <param name="failed">Hears of an exception that escaped from work or a handler: a bug of ours. The loop goes on.</param>
    public EpollLoop(string name, TimeProvider time, Action<Exception> failed)
    {
        _clock = new LoopClock(this, time);
        _failed = failed;
        _epoll = Libc.EpollCreate(LinuxConstants.EpollCloseOnExec);
        _bell = Libc.EventCounter(0, LinuxConstants.EventNonBlock | LinuxConstants.EventCloseOnExec);
        if (_epoll.IsInvalid || _bell.IsInvalid)
        {
            throw SystemError.Exception("cannot make the worker's epoll and event descriptors");
        }

        Register(_bell);
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    private abstract class Work
    {
        public abstract void Run();
    }

    private sealed class Work<T>(Action<T> work, T argument) : Work
    {
        public override void Run() => work(argument);
    }

    public TimeProvider Time => _clock;

    public int Queued => _mailbox.Count + _ownPosts.Count;

    public bool IsCurrent => Thread.CurrentThread == _thread;

    private static bool IsX64 =>
        System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64;

    /// <summary>A poster that finds the mailbox full waits; the loop itself never does, since waiting for itself would never end.</summary>
    public void Post<T>(Action<T> work, T argument)
    {
        var message = new Work<T>(work, argument);
        if (IsCurrent)
        {
            _ownPosts.Enqueue(message);
            return;
        }

        try
        {
            _mailbox.Add(message);
        }
        catch (InvalidOperationException) when (_stopping)
        {
            return;
        }

        Ring();
    }

    /// <summary>Calls <paramref name="ready"/> on the loop whenever the descriptor has something to read or an error. On the loop only.</summary>
    internal void Watch(Descriptor descriptor, Action ready)
    {
        Register(descriptor);
        _ready[descriptor.Number] = ready;
    }

    /// <summary>Ends a watch; called before the descriptor is closed. On the loop only.</summary>
    internal void Unwatch(Descriptor descriptor)
    {
        if (_ready.Remove(descriptor.Number))
        {
            byte* unused = stackalloc byte[EventSize];
            _ = Libc.EpollControl(_epoll, LinuxConstants.EpollDelete, descriptor, unused);
        }
    }

    /// <summary>Runs what was posted before, then ends the thread.</summary>
    public void Dispose()
    {
        _stopping = true;
        _mailbox.CompleteAdding();
        Ring();
        if (!IsCurrent)
        {
            _thread.Join();
            _bell.Dispose();
            _epoll.Dispose();
            _mailbox.Dispose();
        }
    }

    private void Register(Descriptor descriptor)
    {
        byte* pollEvent = stackalloc byte[EventSize];
        new Span<byte>(pollEvent, EventSize).Clear();
        *(uint*)pollEvent = LinuxConstants.EpollIn;
        *(int*)(pollEvent + EventDataOffset) = descriptor.Number;
        if (Libc.EpollControl(_epoll, LinuxConstants.EpollAdd, descriptor, pollEvent) < 0)
        {
            throw SystemError.Exception("cannot watch a descriptor");
        }
    }

    private void Ring()
    {
        // One ring is enough until the loop has looked.
        if (Interlocked.Exchange(ref _rung, 1) == 0)
        {
            ulong one = 1;
            _ = Libc.Write(_bell, &one, sizeof(ulong));
        }
    }

    private void Run()
    {
        byte* events = stackalloc byte[EventSize * EventsPerTurn];
        while (!_stopping || _mailbox.Count > 0 || _ownPosts.Count > 0)
        {
            var wait = _mailbox.Count > 0 || _ownPosts.Count > 0 ? 0 : _clock.MillisecondsLeft();
            var count = Libc.EpollWait(_epoll, events, EventsPerTurn, wait);
            for (var i = 0; i < count; i++)
            {
                var number = *(int*)(events + (i * EventSize) + EventDataOffset);
                if (number == _bell.Number)
                {
                    ulong rings;
                    _ = Libc.Read(_bell, &rings, sizeof(ulong));
                    Interlocked.Exchange(ref _rung, 0);
                }
                else if (_ready.TryGetValue(number, out var ready))
                {
                    Guarded(ready);
                }
            }

            RingTimers();
            RunPosts();
        }
    }

    private void RingTimers()
    {
        var now = _clock.GetTimestamp();
        while (_clock.TakeDue(now) is { } ring)
        {
            Guarded(ring);
        }
    }

    // What is posted meanwhile waits for the next turn, so that work which posts itself again lets descriptors in between.
    private void RunPosts()
    {
        var posts = Math.Min(PostsPerTurn, _ownPosts.Count + _mailbox.Count);
        for (var i = 0; i < posts; i++)
        {
            if (_ownPosts.TryDequeue(out var work) || _mailbox.TryTake(out work))
            {
                Guarded(work.Run);
            }
            else
            {
                return;
            }
        }
    }

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            _failed(exception);
        }
    }
}
