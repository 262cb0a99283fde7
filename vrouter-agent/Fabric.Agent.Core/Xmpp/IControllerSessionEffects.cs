using Fabric.Primitives;
using Fabric.Wire.Xmpp;

namespace Fabric.Agent.Core.Xmpp;

/// <summary>Timers of one session; setting one that runs sets it anew.</summary>
public enum ControllerSessionTimer
{
    Retry,
    Open,
    Hold,
    KeepAlive,
}

/// <summary>What a session asks of its connection, and what it tells the agent. Two implementations: the agent's and the tests'.</summary>
public interface IControllerSessionEffects
{
    /// <summary>Begins to connect; answered by <see cref="ControllerSession.Connected"/> or <see cref="ControllerSession.Closed"/>.</summary>
    void Connect();

    void Send(ReadOnlySpan<byte> bytes);

    /// <summary>Begins TLS as client; answered by <see cref="ControllerSession.Secured"/> or <see cref="ControllerSession.Closed"/>.</summary>
    void StartTls();

    void SetTimer(ControllerSessionTimer timer, TimeSpan time);

    void CancelTimer(ControllerSessionTimer timer);

    /// <summary>Closes the connection; the reason is for people.</summary>
    void Close(string reason);

    /// <summary>The control node listens, and knows nothing of this agent that it may rely on: all subscriptions and routes are to be sent.</summary>
    void Established();

    /// <summary>A session that was established ended, or a try failed. What was learnt stays, stale, until the next End-of-RIB.</summary>
    void Down(string reason);

    void RouteUpdated(string vrf, UnicastItem item);

    void RouteRetracted(string vrf, AddressFamily family, IpPrefix prefix);

    /// <summary>All routes of the VRFs subscribed so far have come; what is still stale is gone.</summary>
    void EndOfRibReceived();

    /// <summary>Objects of the host's view that changed.</summary>
    void ConfigReceived(ConfigStanza config);

    /// <summary>The view is whole at the generation.</summary>
    void EndOfConfigReceived(ulong generation);

    /// <summary>Something that the control node sent was passed over; the session goes on.</summary>
    void InputSkipped(string reason);
}
