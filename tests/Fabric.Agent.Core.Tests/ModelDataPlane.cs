using Fabric.Model.Datapath;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Fabric.Agent.Core.Tests;

/// <summary>A data plane that only keeps its tables, and refuses a batch that leaves a reference to nothing.</summary>
internal sealed class ModelDataPlane
{
    private readonly SortedDictionary<string, IMessage> _tables = new(StringComparer.Ordinal);
    private HashSet<string>? _named;

    /// <summary>Every entry by kind and key.</summary>
    public IReadOnlyDictionary<string, IMessage> Tables => _tables;

    /// <summary>Entries that any batch changed or removed.</summary>
    public List<string> Touched { get; } = [];

    public bool SnapshotEnded { get; private set; }

    public ulong Generation { get; private set; }

    public IEnumerable<RouteEntry> Routes => _tables.Values.OfType<RouteEntry>();

    public IEnumerable<VifEntry> Vifs => _tables.Values.OfType<VifEntry>();

    public NextHopEntry NextHop(uint id) => (NextHopEntry)_tables[$"next-hop {id}"];

    public void Apply(Batch batch)
    {
        Assert.That(batch.Generation, Is.EqualTo(Generation + 1).Or.Matches<ulong>(_ => batch.BeginSnapshot));
        Generation = batch.Generation;
        if (batch.BeginSnapshot)
        {
            _named = [];
            SnapshotEnded = false;
        }

        if (batch.Host is not null)
        {
            Set("host", batch.Host);
        }

        SetAll(batch.AccessLists, entry => $"access-list {entry.Id}");
        SetAll(batch.Vrfs, entry => $"vrf {entry.Id}");
        SetAll(batch.NextHops, entry => $"next-hop {entry.Id}");
        SetAll(batch.Vifs, entry => $"vif {entry.Id}");
        SetAll(batch.Labels, entry => $"label {entry.Label}");
        SetAll(batch.Routes, entry => $"route {entry.Vrf} {entry.Prefix:x8}/{entry.Length}");
        RemoveAll(batch.RoutesRemoved.Select(key => $"route {key.Vrf} {key.Prefix:x8}/{key.Length}"));
        RemoveAll(batch.LabelsRemoved.Select(key => $"label {key}"));
        RemoveAll(batch.VifsRemoved.Select(key => $"vif {key}"));
        RemoveAll(batch.NextHopsRemoved.Select(key => $"next-hop {key}"));
        RemoveAll(batch.VrfsRemoved.Select(key => $"vrf {key}"));
        RemoveAll(batch.AccessListsRemoved.Select(key => $"access-list {key}"));
        if (batch.EndSnapshot)
        {
            RemoveAll(_tables.Keys.Where(key => !_named!.Contains(key)).ToList());
            _named = null;
            SnapshotEnded = true;
        }

        CheckReferences();
    }

    private void SetAll<T>(RepeatedField<T> entries, Func<T, string> key)
        where T : IMessage
    {
        foreach (var entry in entries)
        {
            Set(key(entry), entry);
        }
    }

    private void Set(string key, IMessage entry)
    {
        _named?.Add(key);
        if (!_tables.TryGetValue(key, out var known) || !known.Equals(entry))
        {
            Touched.Add(key);
        }

        _tables[key] = entry;
    }

    private void RemoveAll(IEnumerable<string> keys)
    {
        foreach (var key in keys)
        {
            _tables.Remove(key);
            _named?.Remove(key);
            Touched.Add(key);
        }
    }

    private void CheckReferences()
    {
        foreach (var entry in _tables.Values)
        {
            foreach (var reference in ReferencesOf(entry))
            {
                Assert.That(_tables, Does.ContainKey(reference), $"{entry} refers to {reference}");
            }
        }
    }

    private static IEnumerable<string> ReferencesOf(IMessage entry) =>
        entry switch
        {
            VifEntry vif => [$"vrf {vif.Vrf}", $"next-hop {vif.NextHop}", .. vif.SecurityGroups.Select(list => $"access-list {list}")],
            LabelEntry label => [$"next-hop {label.NextHop}"],
            RouteEntry route => [$"vrf {route.Vrf}", $"next-hop {route.NextHop}"],
            NextHopEntry { Interface: { } own } => [$"vif {own.Vif}"],
            NextHopEntry { Ecmp: { } ecmp } => ecmp.Members.Select(member => $"next-hop {member.NextHop}"),
            _ => [],
        };
}
