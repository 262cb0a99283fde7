using Fabric.Model.Datapath;
using Fabric.Runtime;

namespace Fabric.Agent.Streaming;

/// <summary>
/// Keeps what the data plane reports until an agent that has just started knows its ports again: rows would have no names before. Not for long, and not much of it.
/// Owned by the agent's loop.
/// </summary>
internal sealed class RecordHold : IDisposable
{
    /// <summary>Configuration comes in less, where a controller is there.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>As much as the reports that the data plane itself holds for an agent that is away.</summary>
    private const int MaxOctets = 65_536 * FlowReport.Octets;

    private readonly Action<Records> _taker;
    private readonly LoopTimer _timer;
    private readonly Queue<Records> _held = new();
    private int _octets;
    private bool _isOver;

    /// <param name="loop">The agent's.</param>
    /// <param name="taker">Takes them in their order.</param>
    public RecordHold(IEventLoop loop, Action<Records> taker)
    {
        _taker = taker;
        _timer = new LoopTimer(loop, End);
    }

    public void Start() => _timer.Set(Patience);

    public void Take(Records records)
    {
        if (_isOver)
        {
            _taker(records);
            return;
        }

        _held.Enqueue(records);
        // What is empty takes room as well.
        _octets += Math.Max(FlowReport.Octets, records.CalculateSize());
        if (_octets >= MaxOctets)
        {
            End();
        }
    }

    /// <summary>What is held goes on, and what comes does so at once from now on.</summary>
    public void End()
    {
        _isOver = true;
        _timer.Cancel();
        Release();
    }

    /// <summary>What is held goes on.</summary>
    public void Release()
    {
        _octets = 0;
        while (_held.TryDequeue(out var records))
        {
            _taker(records);
        }
    }

    public void Dispose()
    {
        End();
        _timer.Dispose();
    }
}
