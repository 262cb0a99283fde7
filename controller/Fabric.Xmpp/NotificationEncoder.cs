using System.Buffers;
using System.Runtime.InteropServices;
using Fabric.Primitives;
using Fabric.Wire.Xmpp;

namespace Fabric.Xmpp;

/// <summary>
/// Changes of one table, encoded once and written for as many agents as want them: their items are shared bytes, only the
/// messages' first lines differ. Filled, written, cleared; used again for the next batch.
/// </summary>
public sealed class NotificationEncoder
{
    private readonly ArrayBufferWriter<byte> _bodies = new(4096);
    private readonly List<Range> _ranges = [];
    private readonly List<string> _retracts = [];
    private ReadOnlyMemory<byte>[] _items = [];
    private string _table = "";

    public bool IsEmpty => _ranges.Count == 0 && _retracts.Count == 0;

    /// <summary>Begins a batch for a table.</summary>
    public void Begin(AddressFamily family, string vrf)
    {
        _bodies.ResetWrittenCount();
        _ranges.Clear();
        _retracts.Clear();
        _table = RouteNode.Table(family, vrf);
    }

    public void Add(UnicastItem item)
    {
        var start = _bodies.WrittenCount;
        NotificationWriter.EncodeItem(_bodies, item.Prefix.ToString(), item);
        _ranges.Add(start.._bodies.WrittenCount);
    }

    public void Retract(IpPrefix prefix) => _retracts.Add(prefix.ToString());

    /// <summary>Writes the batch for one agent; retracts go first.</summary>
    public void WriteFor(string agent, IBufferWriter<byte> output)
    {
        NotificationWriter.WriteRetracts(output, agent, _table, CollectionsMarshal.AsSpan(_retracts));
        if (_items.Length < _ranges.Count)
        {
            _items = new ReadOnlyMemory<byte>[_ranges.Count * 2];
        }

        for (var i = 0; i < _ranges.Count; i++)
        {
            _items[i] = _bodies.WrittenMemory[_ranges[i]];
        }

        NotificationWriter.WriteItems(output, agent, _table, _items.AsSpan(0, _ranges.Count));
    }
}
