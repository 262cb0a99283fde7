using Fabric.Analytics;
using Fabric.Runtime;
using Google.Protobuf.WellKnownTypes;

namespace Fabric.Streaming;

/// <summary>
/// The state of the program's own node as an object of fabric.objects, of the kind "node": a row when it differs from the last one. Looked at on one of the
/// program's loops, which owns the board, so that a flood of changes is one row.
/// </summary>
public sealed class NodeBoard : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Func<IStreamEvent, bool> _publish;
    private readonly string _node;
    private readonly string _role;
    private readonly Func<IEnumerable<KeyValuePair<string, Value>>> _state;
    private readonly LoopTimer _timer;
    private Struct? _published;

    /// <param name="publish">Takes a row, or counts it as dropped; without waiting.</param>
    /// <param name="node">The node's name.</param>
    /// <param name="role">Which program of the node it is: a node may have several.</param>
    /// <param name="loop">The owner.</param>
    /// <param name="state">How the node is; what changes all the time does not belong in it.</param>
    public NodeBoard(
        Func<IStreamEvent, bool> publish,
        string node,
        string role,
        IEventLoop loop,
        Func<IEnumerable<KeyValuePair<string, Value>>> state
    )
    {
        _publish = publish;
        _node = node;
        _role = role;
        _state = state;
        _timer = new LoopTimer(loop, Look);
    }

    public void Start() => Look();

    /// <summary>The program ends, as it should. One that is killed leaves its last state, and those that it had sessions with tell of its absence.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Publish(isRunning: false, []);
    }

    /// <summary>Names as a value; in their order, so that equal ones are equal.</summary>
    public static Value Names(IEnumerable<string> names) =>
        Value.ForList([.. names.Order(StringComparer.Ordinal).Select(static name => Value.ForString(name))]);

    private void Look()
    {
        Publish(isRunning: true, _state());
        _timer.Set(Interval);
    }

    private void Publish(bool isRunning, IEnumerable<KeyValuePair<string, Value>> state)
    {
        var next = new Struct { Fields = { ["role"] = Value.ForString(_role), ["running"] = Value.ForBool(isRunning) } };
        foreach (var (name, value) in state)
        {
            next.Fields[name] = value;
        }

        // What found no room is tried again with the next look.
        if (
            !next.Equals(_published)
            && _publish(
                new ObjectState
                {
                    Kind = "node",
                    Name = $"{_node}:{_role}",
                    State = next,
                }
            )
        )
        {
            _published = next.Clone();
        }
    }
}
