using System.Runtime.InteropServices;
using Fabric.Primitives;

namespace Fabric.Controller.Agents;

/// <summary>
/// The agents' connections, established or not, with how many come from each address. A connection may hold a stanza's worth of memory before it has said who
/// it is: one host has a few, and no host takes those of all others.
/// </summary>
internal sealed class AgentConnections
{
    /// <summary>From one address at a time.</summary>
    public const int Most = 64;

    private readonly HashSet<AgentConnection> _all = [];
    private readonly Dictionary<IpAddress, int> _counts = [];

    public bool HasRoomFor(IpAddress remote) => _counts.GetValueOrDefault(remote) < Most;

    public void Add(AgentConnection connection)
    {
        _all.Add(connection);
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, connection.Remote, out _)++;
    }

    public void Remove(AgentConnection connection)
    {
        if (_all.Remove(connection) && --CollectionsMarshal.GetValueRefOrNullRef(_counts, connection.Remote) == 0)
        {
            _counts.Remove(connection.Remote);
        }
    }

    /// <summary>Ends all without a word.</summary>
    public void Dispose()
    {
        foreach (var connection in _all)
        {
            connection.Dispose();
        }

        _all.Clear();
        _counts.Clear();
    }
}
