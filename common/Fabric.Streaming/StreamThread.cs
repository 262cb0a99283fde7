namespace Fabric.Streaming;

/// <summary>The thread of a <see cref="StreamLoop"/>: it runs when something was published, and each second.</summary>
internal sealed class StreamThread : IDisposable
{
    private readonly StreamLoop _loop;
    private readonly Action<Exception> _failed;

    // Not disposed of: who publishes after the end must not fail.
    private readonly AutoResetEvent _work = new(false);
    private readonly Thread _thread;
    private volatile bool _isDue;
    private volatile bool _isStopping;

    /// <param name="name">Shown by debuggers and in /proc.</param>
    /// <param name="loop">The thread's.</param>
    /// <param name="failed">Hears of a bug of ours; the thread goes on.</param>
    public StreamThread(string name, StreamLoop loop, Action<Exception> failed)
    {
        _loop = loop;
        _failed = failed;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    public StreamLoop Loop => _loop;

    /// <summary>Something was published.</summary>
    public void Wake() => _work.Set();

    /// <summary>A second has passed.</summary>
    public void Tick()
    {
        _isDue = true;
        _work.Set();
    }

    /// <summary>Ends the thread, and writes what was published before.</summary>
    public void Stop()
    {
        _isStopping = true;
        _work.Set();
        _thread.Join();
        _loop.Drain();
    }

    /// <summary>After <see cref="Stop"/>, when nobody reads the journals any more.</summary>
    public void Dispose() => _loop.Dispose();

    private void Run()
    {
        while (!_isStopping)
        {
            _work.WaitOne();
            try
            {
                if (_loop.Drain())
                {
                    _work.Set();
                }

                if (_isDue)
                {
                    _isDue = false;
                    _loop.Expire();
                }
            }
            catch (Exception exception)
            {
                _failed(exception);
            }
        }
    }
}
