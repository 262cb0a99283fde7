using Fabric.Runtime;

namespace Fabric.Controller.Routes;

/// <summary>
/// Holds back, after a restart of this control node, what would make others drop routes that are only not yet here again
/// (RFC 4724 section 4.1):
/// <code>
/// speakers are told nothing     until every host that has ports has sent its End-of-RIB, or the time is over
/// agents are sent no End-of-RIB until every neighbour has sent its own, or the time is over
/// </code>
/// A control node that starts for the first time waits for nobody. Owned by the routing loop.
/// </summary>
internal sealed class StartupGate : IDisposable
{
    private readonly HashSet<string> _hosts = [];
    private readonly HashSet<string> _neighbors = [];
    private readonly LoopTimer _hostTimer;
    private readonly LoopTimer _neighborTimer;

    public StartupGate(IEventLoop loop)
    {
        _hostTimer = new LoopTimer(loop, OpenForSpeakers);
        _neighborTimer = new LoopTimer(loop, OpenForAgents);
    }

    /// <summary>The stored configuration had something to restart.</summary>
    public bool IsRestart { get; private set; }

    public bool SpeakersMayBeTold { get; private set; } = true;

    public bool AgentsMayBeTold { get; private set; } = true;

    /// <summary>Runs once when the speakers may be told.</summary>
    public Action SpeakersOpened { get; set; } = static () => { };

    public Action AgentsOpened { get; set; } = static () => { };

    /// <param name="restartTime">What peers were told; the waits end well before, so that they hear from us in time.</param>
    public void Begin(IEnumerable<string> hosts, IEnumerable<string> neighbors, TimeSpan restartTime)
    {
        _hosts.UnionWith(hosts);
        _neighbors.UnionWith(neighbors);
        IsRestart = _hosts.Count > 0;
        if (!IsRestart || restartTime <= TimeSpan.Zero)
        {
            return;
        }

        SpeakersMayBeTold = false;
        _hostTimer.Set(restartTime / 2);
        if (_neighbors.Count > 0)
        {
            AgentsMayBeTold = false;
            _neighborTimer.Set(restartTime / 4);
        }
    }

    public void HostIsDone(string host)
    {
        if (_hosts.Remove(host) && _hosts.Count == 0)
        {
            OpenForSpeakers();
        }
    }

    public void NeighborIsDone(string neighbor)
    {
        if (_neighbors.Remove(neighbor) && _neighbors.Count == 0)
        {
            OpenForAgents();
        }
    }

    public void Dispose()
    {
        _hostTimer.Dispose();
        _neighborTimer.Dispose();
    }

    private void OpenForSpeakers()
    {
        if (!SpeakersMayBeTold)
        {
            SpeakersMayBeTold = true;
            _hostTimer.Cancel();
            SpeakersOpened();
        }
    }

    private void OpenForAgents()
    {
        if (!AgentsMayBeTold)
        {
            AgentsMayBeTold = true;
            _neighborTimer.Cancel();
            AgentsOpened();
        }
    }
}
