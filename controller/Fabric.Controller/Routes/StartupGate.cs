using Fabric.Runtime;

namespace Fabric.Controller.Routes;

/// <summary>
/// Holds back, after a restart of this control node, what would make others drop routes that are only not yet here again
/// (RFC 4724 section 4.1):
/// <code>
/// speakers are told nothing     until every host that has ports has sent its End-of-RIB; half the restart time at most
/// nobody is sent End-of-RIB     until, after that, every neighbour has sent its own; another quarter at most
/// </code>
/// One after the other, since a speaker with route target membership sends its routes when it has been asked for them, and what
/// to ask for is known when the hosts have subscribed (RFC 4684 section 6). For its sake End-of-RIB of memberships is not held back. A control
/// node that starts for the first time waits for nobody. Owned by the routing loop.
/// </summary>
internal sealed class StartupGate : IDisposable
{
    private readonly HashSet<string> _hosts = [];
    private readonly HashSet<string> _neighbors = [];
    private readonly LoopTimer _hostTimer;
    private readonly LoopTimer _neighborTimer;
    private TimeSpan _neighborTime;

    public StartupGate(IEventLoop loop)
    {
        _hostTimer = new LoopTimer(loop, OpenForSpeakers);
        _neighborTimer = new LoopTimer(loop, OpenEnd);
    }

    /// <summary>The control node has come back, and somebody still waits for another.</summary>
    public bool IsRestarting => !SpeakersMayBeTold || !EndMayBeTold;

    public bool SpeakersMayBeTold { get; private set; } = true;

    /// <summary>Whether agents and speakers may hear that they have been told all.</summary>
    public bool EndMayBeTold { get; private set; } = true;

    /// <summary>Runs once when the speakers may be told.</summary>
    public Action SpeakersOpened { get; set; } = static () => { };

    public Action EndOpened { get; set; } = static () => { };

    /// <param name="isRestart">Whether the control node has run before.</param>
    /// <param name="hosts">Those with ports.</param>
    /// <param name="neighbors">Names of those that should have a session.</param>
    /// <param name="restartTime">What peers were told; the waits end well before, so that they hear from us in time.</param>
    public void Begin(bool isRestart, IEnumerable<string> hosts, IEnumerable<string> neighbors, TimeSpan restartTime)
    {
        _hosts.UnionWith(hosts);
        if (!isRestart || restartTime <= TimeSpan.Zero)
        {
            return;
        }

        _neighbors.UnionWith(neighbors);
        _neighborTime = restartTime / 4;
        SpeakersMayBeTold = false;
        EndMayBeTold = false;
        _hostTimer.Set(restartTime / 2);
        if (_hosts.Count == 0)
        {
            OpenForSpeakers();
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
        _neighbors.Remove(neighbor);
        OpenEndIfAllAreDone();
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
            _neighborTimer.Set(_neighborTime);
            OpenEndIfAllAreDone();
        }
    }

    private void OpenEndIfAllAreDone()
    {
        if (SpeakersMayBeTold && _neighbors.Count == 0)
        {
            OpenEnd();
        }
    }

    private void OpenEnd()
    {
        if (!EndMayBeTold)
        {
            EndMayBeTold = true;
            _neighborTimer.Cancel();
            EndOpened();
        }
    }
}
