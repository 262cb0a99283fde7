using Fabric.Wire.Xmpp;

namespace Fabric.Xmpp;

/// <summary>How the control node talks with agents.</summary>
public sealed record XmppOptions
{
    /// <summary>A connection must be established within this time.</summary>
    public TimeSpan OpenTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A session ends when nothing was heard for this long. Not negotiated: each end goes by its own.</summary>
    public TimeSpan HoldTime { get; init; } = TimeSpan.FromSeconds(90);

    public TimeSpan KeepAliveTime => HoldTime / 3;

    /// <summary>How long the state of an agent that is away is kept, and how long one that came back has until its End-of-RIB. Zero: not at all.</summary>
    public TimeSpan RestartTime { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Sessions go over TLS, and an agent's name must be in its certificate.</summary>
    public bool RequireTls { get; init; }

    /// <summary>Agents known at a time, those that are away included; another is refused.</summary>
    public int MaximumAgents { get; init; } = 10_000;

    /// <summary>VRFs that an agent may have joined at a time; one more ends its session.</summary>
    public int MaximumSubscriptions { get; init; } = 10_000;

    /// <summary>Characters of an agent's name, and of that of a VRF: both are kept for as long as the restart time.</summary>
    public int MaximumNameLength { get; init; } = 512;

    public int MaximumStanzaBytes { get; init; } = XmppFramer.DefaultMaximumStanzaBytes;
}
