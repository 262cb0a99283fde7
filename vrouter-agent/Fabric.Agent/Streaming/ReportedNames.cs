using Fabric.Model.Datapath;
using Google.Protobuf.Collections;

namespace Fabric.Agent.Streaming;

/// <summary>What numbers of the data plane stand for on the present connection. A number stands for its newest name.</summary>
internal sealed class ReportedNames
{
    /// <summary>More than rules, networks and reasons of any host; a data plane that gives more is broken.</summary>
    private const int MaxNames = 1 << 20;

    /// <summary>Of all names, in characters: 64 a name, if they are as many.</summary>
    private const int MaxLength = MaxNames * 64;

    private readonly Dictionary<uint, ReportedName> _names = [];
    private int _length;

    /// <summary>Another connection: it numbers anew.</summary>
    public void Clear()
    {
        _names.Clear();
        _length = 0;
    }

    /// <returns>How many found no room.</returns>
    public int Take(RepeatedField<NameEntry> entries)
    {
        var refused = 0;
        foreach (var entry in entries)
        {
            refused += TryTake(entry) ? 0 : 1;
        }

        return refused;
    }

    /// <summary>Null: it has no name here.</summary>
    public ReportedName? Find(uint number) => _names.GetValueOrDefault(number);

    private bool TryTake(NameEntry entry)
    {
        var before = Find(entry.Number);
        var length = _length - (before?.Text.Length ?? 0) + entry.Name.Length;
        if (entry.Number == 0 || length > MaxLength || (before is null && _names.Count >= MaxNames))
        {
            return false;
        }

        _names[entry.Number] = new ReportedName(entry.Name);
        _length = length;
        return true;
    }
}
