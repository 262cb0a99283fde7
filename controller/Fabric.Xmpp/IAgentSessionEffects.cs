namespace Fabric.Xmpp;

/// <summary>Timers of one session; setting one that runs sets it anew.</summary>
public enum AgentSessionTimer
{
    Open,
    Hold,
    KeepAlive,
}

/// <summary>What a session asks of its connection. Two implementations: the host's and the tests'.</summary>
public interface IAgentSessionEffects
{
    void Send(ReadOnlySpan<byte> bytes);

    /// <summary>Begins TLS as server after what was sent so far; answered by <see cref="AgentSession.Secured"/> or <see cref="AgentSession.Closed"/>.</summary>
    void StartTls();

    void SetTimer(AgentSessionTimer timer, TimeSpan time);

    void CancelTimer(AgentSessionTimer timer);

    /// <summary>Closes the connection; the reason is for people.</summary>
    void Close(string reason);
}
