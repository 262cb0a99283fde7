using System.Threading.Channels;

namespace Fabric.Runtime;

/// <summary>
/// A loop with a thread of its own and a bounded mailbox. A poster that finds the mailbox full waits, which holds back the
/// connection that it reads from; the loop itself posts past the bound, since waiting for itself would never end.
/// </summary>
public sealed class ThreadLoop : IEventLoop, IDisposable
{
    private const int MailboxCapacity = 65_536;

    private readonly Channel<(Action<object?> Work, object? Argument)> _mailbox;
    private readonly Queue<(Action<object?> Work, object? Argument)> _ownPosts = new();
    private readonly Thread _thread;
    private readonly Action<Exception> _failed;
    private volatile bool _stopping;

    /// <param name="name">Shown by debuggers and in logs.</param>
    /// <param name="time">The clock of the loop's timers.</param>
    /// <param name="failed">Hears of an exception that escaped from posted work: a bug of ours. The loop goes on with the next message.</param>
    public ThreadLoop(string name, TimeProvider time, Action<Exception> failed)
    {
        Time = time;
        _failed = failed;
        _mailbox = Channel.CreateBounded<(Action<object?>, object?)>(
            new BoundedChannelOptions(MailboxCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }
        );
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    public TimeProvider Time { get; }

    public int Queued => _mailbox.Reader.Count + _ownPosts.Count;

    public bool IsCurrent => Thread.CurrentThread == _thread;

    public void Post<T>(Action<T> work, T argument)
    {
        (Action<object?>, object?) message = (static boxed => ((Message<T>)boxed!).Run(), new Message<T>(work, argument));
        if (IsCurrent)
        {
            _ownPosts.Enqueue(message);
            return;
        }

        if (!_mailbox.Writer.TryWrite(message) && !_stopping)
        {
            _mailbox.Writer.WriteAsync(message).AsTask().GetAwaiter().GetResult();
        }
    }

    public void Dispose()
    {
        _stopping = true;
        _mailbox.Writer.TryComplete();
        if (!IsCurrent)
        {
            _thread.Join();
        }
    }

    private void Run()
    {
        var reader = _mailbox.Reader;
        while (true)
        {
            while (_ownPosts.TryDequeue(out var own))
            {
                Execute(own);
            }

            if (reader.TryRead(out var message))
            {
                Execute(message);
            }
            else if (!reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                return;
            }
        }
    }

    private void Execute((Action<object?> Work, object? Argument) message)
    {
        try
        {
            message.Work(message.Argument);
        }
        catch (Exception exception)
        {
            _failed(exception);
        }
    }

    private sealed class Message<T>(Action<T> work, T argument)
    {
        public void Run() => work(argument);
    }
}
