using Fabric.Runtime;

namespace Fabric.Controller.Agents;

/// <summary>
/// The VRFs that an agent asks for and may not be in. Owned by the routing loop. An agent that has lost its last port there leaves in a moment, and one may be ahead
/// of this control node's configuration; what waits for longer is said aloud.
/// </summary>
internal sealed class WaitingVrfs : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly SortedDictionary<string, long> _since = new(StringComparer.Ordinal);
    private readonly IEventLoop _loop;
    private readonly Action<string?> _said;
    private readonly LoopTimer _timer;
    private bool _isSaid;

    /// <param name="said">Hears the name of a VRF that has waited for too long, and null when none waits any more.</param>
    public WaitingVrfs(IEventLoop loop, Action<string?> said)
    {
        _loop = loop;
        _said = said;
        _timer = new LoopTimer(loop, Say);
    }

    /// <summary>In the order of names.</summary>
    public IReadOnlyCollection<string> Names => _since.Keys;

    public bool Contains(string vrf) => _since.ContainsKey(vrf);

    public void Add(string vrf)
    {
        if (_since.TryAdd(vrf, _loop.Time.GetTimestamp()) && _since.Count == 1)
        {
            _timer.Set(s_patience);
        }
    }

    public void Remove(string vrf)
    {
        if (!_since.Remove(vrf) || _since.Count > 0)
        {
            return;
        }

        _timer.Cancel();
        if (_isSaid)
        {
            _isSaid = false;
            _said(null);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Say()
    {
        var (vrf, since) = _since.MinBy(entry => entry.Value);
        var left = s_patience - _loop.Time.GetElapsedTime(since);
        if (left > TimeSpan.Zero)
        {
            _timer.Set(left);
        }
        else
        {
            _isSaid = true;
            _said(vrf);
        }
    }
}
