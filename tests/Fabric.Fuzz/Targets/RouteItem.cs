using Fabric.Fuzz.Engine;
using Fabric.Primitives;
using Fabric.Wire.Xmpp;
using Fabric.Xmpp;

namespace Fabric.Fuzz.Targets;

/// <summary>Items that agents publish, made to paths and back to items.</summary>
internal sealed class RouteItem(Random random) : IFuzzSubject
{
    private readonly StanzaReader _reader = new();
    private UnicastItem? _item;
    private AgentPath? _path;
    private string? _refusal;

    public int Taken { get; private set; }

    public void Feed(ReadOnlySpan<byte> input)
    {
        _item = _reader.Read(input) is PublishStanza publish ? publish.Item : null;
        _path = null;
        _refusal = _item is null ? null : RouteItemConverter.TryConvert(_item, (uint)random.Next(70_000), new AsNumber(64512), out _path);
    }

    public void Check()
    {
        if (_item is null)
        {
            return;
        }

        Invariant.Holds((_refusal is null) == (_path is not null), $"a path and a refusal: {_refusal}");
        if (_path is not null)
        {
            Taken++;
            var again = RouteItemConverter.ToItem(
                _item.Family,
                _path.Prefix,
                [new ItemPath(_path.Attributes, _path.Label, null)],
                new AsNumber(64512)
            );
            Invariant.Holds(again.Prefix == _item.Prefix && again.NextHops.Count == 1, "another route comes back");
            Invariant.Holds(again.NextHops[0].Label == _item.NextHops[0].Label, "another label comes back");
            Invariant.Holds(again.NextHops[0].Address == _item.NextHops[0].Address, "another next hop comes back");
        }
    }
}
