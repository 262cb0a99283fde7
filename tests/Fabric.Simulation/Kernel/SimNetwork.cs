using System.Net;
using Fabric.Runtime;

namespace Fabric.Simulation.Kernel;

/// <summary>
/// Stream connections between simulated nodes: byte streams in chunks of random size after random delays, and the faults that
/// a network has: cut links, resets, readers that stop, nodes that vanish.
/// </summary>
public sealed class SimNetwork(SimScheduler scheduler)
{
    private readonly Dictionary<string, SimListener> _listeners = [];
    private readonly HashSet<(string, string)> _cuts = [];
    private readonly List<SimStream> _streams = [];
    private int _nextPort = 49_152;

    public SimScheduler Scheduler => scheduler;

    /// <summary>The most that one sender ever had to hold back for its reader.</summary>
    public int LargestPendingBytes { get; private set; }

    /// <summary>Whether bytes are on their way, or wait for a reader.</summary>
    public bool HasPendingBytes => _streams.Exists(static stream => stream.HasPendingBytes);

    /// <summary>The transport as one node sees it. Unix sockets are the node's own; IP addresses are everybody's.</summary>
    public ITransport TransportOf(string node, IPAddress address) => new SimTransport(this, node, address);

    /// <summary>Takes the link between two nodes down: their connections are reset and new ones refused.</summary>
    public void Cut(string first, string second)
    {
        _cuts.Add(Pair(first, second));
        ResetWhere(stream => Pair(stream.ClientNode, stream.ServerNode) == Pair(first, second), "Connection timed out");
    }

    public void Heal(string first, string second) => _cuts.Remove(Pair(first, second));

    public bool IsCut(string first, string second) => _cuts.Contains(Pair(first, second));

    /// <summary>Resets what connects two nodes; the link stays up.</summary>
    public void Reset(string first, string second) =>
        ResetWhere(stream => Pair(stream.ClientNode, stream.ServerNode) == Pair(first, second), "Connection reset by peer");

    /// <summary>A node died: its listeners are gone, its peers see resets.</summary>
    public void Crash(string node)
    {
        foreach (var key in _listeners.Where(entry => entry.Value.Node == node).Select(entry => entry.Key).ToList())
        {
            _listeners.Remove(key);
        }

        ResetWhere(stream => stream.ClientNode == node || stream.ServerNode == node, "Connection reset by peer");
    }

    /// <summary>A node stops or resumes to read from another: what is sent to it stays with the sender.</summary>
    public void SetSlowReader(string reader, string writer, bool slow)
    {
        foreach (var stream in _streams)
        {
            stream.SetPaused(reader, writer, slow);
        }
    }

    internal IListener Listen(string node, EndPoint local, IEventLoop loop, Func<IConnection, IConnectionHandler> accepted)
    {
        var key = KeyOf(node, local);
        var listener = new SimListener(node, local, loop, accepted, () => _listeners.Remove(key));
        if (!_listeners.TryAdd(key, listener))
        {
            throw new IOException($"Cannot listen on {local}: Address already in use.");
        }

        return listener;
    }

    internal IConnection Connect(string node, IPAddress address, EndPoint remote, IEventLoop loop, IConnectionHandler handler)
    {
        var local = remote is IPEndPoint ? new IPEndPoint(address, _nextPort++) : remote;
        var stream = new SimStream(scheduler, node, local, remote, loop, handler, NotePending);
        _streams.RemoveAll(old => old.IsClosed);
        _streams.Add(stream);
        scheduler.Schedule(RandomDelay(), () => Complete(stream, node, remote));
        return stream.ClientEnd;
    }

    private void Complete(SimStream stream, string node, EndPoint remote)
    {
        if (stream.IsClosed)
        {
            return;
        }

        if (!_listeners.TryGetValue(KeyOf(node, remote), out var listener) || _cuts.Contains(Pair(node, listener.Node)))
        {
            stream.Refuse("Connection refused");
            return;
        }

        stream.Accept(listener);
    }

    private void ResetWhere(Func<SimStream, bool> chosen, string reason)
    {
        foreach (var stream in _streams.Where(chosen).ToList())
        {
            stream.Reset(reason);
        }

        _streams.RemoveAll(stream => stream.IsClosed);
    }

    private void NotePending(int bytes) => LargestPendingBytes = Math.Max(LargestPendingBytes, bytes);

    private TimeSpan RandomDelay() => TimeSpan.FromMicroseconds(50 + scheduler.Random.Next(2_000));

    private static string KeyOf(string node, EndPoint endPoint) => endPoint is IPEndPoint ? endPoint.ToString()! : $"{node}:{endPoint}";

    private static (string, string) Pair(string first, string second) =>
        string.CompareOrdinal(first, second) < 0 ? (first, second) : (second, first);

    private sealed class SimTransport(SimNetwork network, string node, IPAddress address) : ITransport
    {
        public IListener Listen(EndPoint local, IEventLoop loop, Func<IConnection, IConnectionHandler> accepted) =>
            network.Listen(node, local, loop, accepted);

        public IConnection Connect(EndPoint remote, EndPoint? local, IEventLoop loop, IConnectionHandler handler) =>
            network.Connect(node, local is IPEndPoint bound ? bound.Address : address, remote, loop, handler);
    }
}
