using Fabric.Model.AgentView;
using Fabric.Wire.Xmpp;

namespace Fabric.Agent.Core.Xmpp;

/// <summary>How the agent talks with a control node.</summary>
public sealed record ControllerSessionOptions
{
    /// <summary>The host's name: the key of its state at the control node, and a name in its certificate.</summary>
    public required string AgentName { get; init; }

    /// <summary>Seeds the jitter of retries, so that hosts that lost a control node together do not come back together.</summary>
    public required int JitterSeed { get; init; }

    public bool UseTls { get; init; }

    /// <summary>
    /// Under TLS the control node's certificate must have one of these names or addresses; without any, none is taken. Hosts have certificates of the same
    /// authority: who only has one of them is no control node (RFC 9525).
    /// </summary>
    public IReadOnlyList<string> ControllerNames { get; init; } = [];

    /// <summary>Time to the first retry; doubled with each failure.</summary>
    public TimeSpan FirstRetryTime { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan MaximumRetryTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A connection, once begun, must be established within this time.</summary>
    public TimeSpan OpenTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The session ends when nothing was heard for this long. Not negotiated: each end goes by its own.</summary>
    public TimeSpan HoldTime { get; init; } = TimeSpan.FromSeconds(90);

    public TimeSpan KeepAliveTime => HoldTime / 3;

    /// <summary>With room for an object of the view of <see cref="AgentViewXml.MaxFragmentBytes"/>, such as a security group with all of its rules.</summary>
    public int MaximumStanzaBytes { get; init; } = AgentViewXml.MaxFragmentBytes + XmppFramer.SufficientStanzaBytes;
}
