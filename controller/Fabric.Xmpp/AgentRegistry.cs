using Fabric.Primitives;

namespace Fabric.Xmpp;

/// <summary>
/// All agents of a control node, by name. Owned by the loop on which the agents' sessions run; the sessions of all connections
/// are made here.
/// </summary>
public sealed class AgentRegistry(XmppOptions options, IAgentEffects effects)
{
    private readonly Dictionary<string, AgentPeer> _agents = [];
    private ulong _streams;

    public XmppOptions Options { get; } = options;

    public IReadOnlyCollection<AgentPeer> Agents => _agents.Values;

    internal IAgentEffects Effects { get; } = effects;

    /// <summary>Of the newest subscription.</summary>
    internal ulong Generation { get; private set; }

    /// <summary>Begins a session on an accepted connection.</summary>
    public AgentSession Accept(IpAddress remote, IAgentSessionEffects connection) => new(this, remote, connection);

    public AgentPeer? Find(string name) => _agents.GetValueOrDefault(name);

    /// <summary>The timer set by <see cref="IAgentEffects.SetRestartTimer"/> rang.</summary>
    public void RestartTimerExpired(AgentPeer agent) => agent.RestartTimeOver();

    internal ulong NextGeneration() => ++Generation;

    internal string NextStreamId() => $"++{++_streams}";

    /// <summary>
    /// Gives the session to the agent of that name. A name that is in use is refused, unless the newcomer is at the same address and
    /// restarts are helped: then it is the same host come back before its loss was noticed, and takes the old state over.
    /// </summary>
    /// <returns>In words why not, or null.</returns>
    internal string? Admit(AgentSession session, string name, out AgentPeer agent)
    {
        if (_agents.TryGetValue(name, out agent!))
        {
            if (agent.Session is { } current)
            {
                if (agent.Address != session.Remote)
                {
                    return $"the name {name} is in use by the agent at {agent.Address}";
                }

                if (Options.RestartTime <= TimeSpan.Zero)
                {
                    return $"the name {name} is in use by another connection";
                }

                current.Close("taken over by a new connection of the agent");
            }

            if (agent.Address == session.Remote)
            {
                return null;
            }

            // The host moved while it was away: its paths point to the old address.
            agent.Remove();
        }

        if (_agents.Count >= Options.MaximumAgents)
        {
            return $"there are {_agents.Count} agents already";
        }

        agent = new AgentPeer(this, name, session.Remote);
        _agents.Add(name, agent);
        return null;
    }

    internal void Forget(AgentPeer agent) => _agents.Remove(agent.Name);
}
