namespace Fabric.Agent.Core.Xmpp;

public enum ControllerSessionState
{
    /// <summary>Not started, or stopped.</summary>
    Idle,

    /// <summary>The last try failed; the retry timer runs.</summary>
    WaitRetry,

    Connecting,

    WaitOpen,

    /// <summary>The control node must offer TLS.</summary>
    WaitFeatures,

    WaitProceed,

    Securing,

    WaitSecureOpen,

    Established,
}
