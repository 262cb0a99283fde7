using Fabric.Controller.Routes;
using Fabric.Routing;
using Fabric.Runtime;
using Fabric.Xmpp;

namespace Fabric.Controller.Agents;

/// <summary>What the control node keeps of an agent beside its session: its number in the routing core and what it is still owed.</summary>
internal sealed class AgentState : IDisposable
{
    // A foreign agent may never say that it is done; it is told that we are all the same.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(30);

    private readonly HashSet<string> _owed = [];
    private readonly StartupGate _gate;
    private readonly LoopTimer _endOfRibTimer;
    private bool _endOfRibDue;
    private bool _agentIsDone;
    private bool _wasWaitedFor;

    public AgentState(AgentPeer agent, IEventLoop loop, StartupGate gate, Action restartTimeOver, Action<string?> waitsTooLong)
    {
        _gate = gate;
        Waiting = new WaitingVrfs(loop, waitsTooLong);
        Agent = agent;
        RestartTimer = new LoopTimer(loop, restartTimeOver);
        _endOfRibTimer = new LoopTimer(loop, WaitIsOver);
    }

    public AgentPeer Agent { get; }

    public PeerId Peer { get; private set; }

    public LoopTimer RestartTimer { get; }

    /// <summary>The agent takes its configuration from this control node.</summary>
    public bool WantsConfig { get; set; }

    /// <summary>What it asks for and is not admitted to.</summary>
    public WaitingVrfs Waiting { get; }

    public string? DownReason { get; private set; }

    public long Since { get; private set; }

    public void Established(PeerId peer, long now)
    {
        Peer = peer;
        Since = now;
        DownReason = null;
        WantsConfig = false;
        _owed.Clear();
        _agentIsDone = false;
        _wasWaitedFor = false;
        _endOfRibDue = true;
        _endOfRibTimer.Set(s_longestWait);
    }

    public void Down(string reason)
    {
        DownReason = reason;
        _endOfRibTimer.Cancel();
    }

    public void AwaitEndOfRib(string vrf) => _owed.Add(vrf);

    /// <summary>All routes of the VRF went out, or it is no longer wanted.</summary>
    public void EndOfRib(string vrf)
    {
        _owed.Remove(vrf);
        SendEndOfRibIfDone();
    }

    /// <summary>
    /// The agent has subscribed to all it wants: what it is owed is known. One that was told End-of-RIB before, for having been waited for long
    /// enough, could not take it for the end of what it asks for now.
    /// </summary>
    public void SentEndOfRib()
    {
        _endOfRibDue |= _wasWaitedFor;
        _wasWaitedFor = false;
        IsDone();
    }

    private void WaitIsOver()
    {
        _wasWaitedFor = true;
        IsDone();
    }

    private void IsDone()
    {
        _agentIsDone = true;
        SendEndOfRibIfDone();
    }

    public void SendEndOfRibIfDone()
    {
        if (_endOfRibDue && _agentIsDone && _owed.Count == 0 && _gate.EndMayBeTold && Agent.IsEstablished)
        {
            _endOfRibDue = false;
            _endOfRibTimer.Cancel();
            Agent.SendEndOfRib();
        }
    }

    public void Dispose()
    {
        RestartTimer.Dispose();
        _endOfRibTimer.Dispose();
        Waiting.Dispose();
    }
}
