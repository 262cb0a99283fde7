using Fabric.Analytics;
using Google.Protobuf.WellKnownTypes;

namespace Fabric.Stream;

/// <summary>The state of the program's own node as an object of fabric.objects, of the kind "node": a row when it differs from the last one. From any thread.</summary>
/// <param name="publish">Takes a row, or counts it as dropped; without waiting.</param>
/// <param name="role">Which program of the node it is: a node may have several.</param>
public sealed class NodeBoard(Func<IStreamEvent, bool> publish, string node, string role)
{
    private readonly Lock _lock = new();
    private Struct? _published;

    /// <summary>How the node is; what changes all the time does not belong in it.</summary>
    public void Tell(IEnumerable<KeyValuePair<string, Value>> state) => Publish(isRunning: true, state);

    /// <summary>The program ends, as it should. One that is killed leaves its last state, and those that it had sessions with tell of its absence.</summary>
    public void Ended() => Publish(isRunning: false, []);

    /// <summary>Names as a value; in their order, so that equal ones are equal.</summary>
    public static Value Names(IEnumerable<string> names) =>
        Value.ForList([.. names.Order(StringComparer.Ordinal).Select(static name => Value.ForString(name))]);

    private void Publish(bool isRunning, IEnumerable<KeyValuePair<string, Value>> state)
    {
        var next = new Struct { Fields = { ["role"] = Value.ForString(role), ["running"] = Value.ForBool(isRunning) } };
        foreach (var (name, value) in state)
        {
            next.Fields[name] = value;
        }

        lock (_lock)
        {
            // What found no room is tried again with the next look.
            if (
                !next.Equals(_published)
                && publish(
                    new ObjectState
                    {
                        Kind = "node",
                        Name = $"{node}:{role}",
                        State = next,
                    }
                )
            )
            {
                _published = next.Clone();
            }
        }
    }
}
