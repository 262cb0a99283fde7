using System.Buffers;
using Fabric.Fuzz.Engine;
using Fabric.Model.AgentView;

namespace Fabric.Fuzz.Targets;

/// <summary>Fragments of the per-agent view. What was read and is written again is read the same.</summary>
internal sealed class AgentView : IFuzzSubject
{
    private readonly List<AgentViewObject> _objects = [];
    private string? _error;
    private bool _isGood;

    public int Taken { get; private set; }

    public void Feed(ReadOnlySpan<byte> input)
    {
        _objects.Clear();
        _isGood = AgentViewXml.TryDecodeUpdate(input, _objects, out _error);
        Taken += _objects.Count;
        AgentViewXml.TryDecodeDelete(input, [], out _);
    }

    public void Check()
    {
        Invariant.Holds(_isGood == (_error is null), $"taken: {_isGood}, fault: {_error}");
        Invariant.Holds(_isGood || _objects.Count == 0, "a fragment was taken in part");
        var output = new ArrayBufferWriter<byte>();
        _objects.ForEach(o => AgentViewXml.Encode(o, output));
        var again = new List<AgentViewObject>();
        Invariant.Holds(AgentViewXml.TryDecodeUpdate(output.WrittenSpan, again, out var error), error ?? "");
        Invariant.Holds(again.SequenceEqual(_objects), "an object is another one after writing and reading");
    }
}
