using Fabric.Config;
using Fabric.Controller.Api;
using Fabric.Controller.Options;
using Fabric.Hosting.Configuration;
using Fabric.Intent;
using Fabric.Model.Config;
using Fabric.Primitives;
using Fabric.Runtime;

namespace Fabric.Controller.Configuration;

/// <summary>
/// Owned by the config loop: the objects, the neighbours of the options file, and the intent that follows from them. Each
/// transaction is durable before the intent hears of it; what differs goes to the routing loop in the order of revisions.
/// </summary>
internal sealed class ConfigPlane
{
    private readonly IntentGraph _intent = new();
    private readonly Action<IntentChange> _changed;
    private readonly FileNeighbors _fileNeighbors;
    private readonly ConfigApi _api;
    private readonly CountedStore _store;

    /// <param name="neighbors">Those of the options file.</param>
    /// <param name="policies">The names of the file's policies.</param>
    /// <param name="changed">Called on the config loop; hands on to the routing loop.</param>
    /// <exception cref="OptionsException">A neighbour of the file is at odds with an object of the store.</exception>
    public ConfigPlane(
        IConfigStore store,
        EquatableArray<BgpNeighborIntent> neighbors,
        EquatableArray<string> policies,
        Func<Guid> newIdentifier,
        IEventLoop loop,
        Action<IntentChange> changed
    )
    {
        Loop = loop;
        _changed = changed;
        _store = new CountedStore(store);
        Service = new ConfigService(_store, newIdentifier);
        if (FileNeighbors.Conflicts(neighbors, policies, Service.All) is { Count: > 0 } conflicts)
        {
            throw new OptionsException(string.Join('\n', conflicts));
        }

        _fileNeighbors = new FileNeighbors(neighbors, policies);
        _api = new ConfigApi(loop, Service, Committed, _fileNeighbors);
    }

    public IEventLoop Loop { get; }

    public ConfigService Service { get; }

    /// <summary>Transactions and readings that the store has failed at.</summary>
    public long StoreFailures => _store.Failures;

    /// <summary>For callers on any thread.</summary>
    public IConfigApi Api => _api;

    /// <summary>Hears of each request of the API; on the config loop. Set before the node starts.</summary>
    public Action<ApiRequest>? Requested
    {
        set => _api.Requested = value;
    }

    public ConvergenceTimes Times { get; } = new();

    /// <summary>What the stored objects and the file's neighbours come to; the routing loop gets it before the first session.</summary>
    public IntentChange Start()
    {
        var delta = _intent.Apply(Service.Snapshot());
        return new((ulong)Service.Revision, delta with { Neighbors = Sorted(delta.Neighbors, _fileNeighbors.All) })
        {
            IsRestart = Service.IsRestarted,
        };
    }

    /// <summary>Takes an options file that was read again. Words that say why not, when nothing was changed.</summary>
    public IReadOnlyList<string> Reload(ControlNodeOptions file)
    {
        EquatableArray<string> policies = [.. file.Policies.Select(policy => policy.Name)];
        var conflicts = FileNeighbors.Conflicts(file.Neighbors, policies, Service.All);
        if (conflicts.Count == 0)
        {
            var (changed, removed) = _fileNeighbors.Replace(file.Neighbors, policies);
            var delta = new IntentDelta(Global: null, Vrfs: [], RemovedVrfs: [], changed, removed, Hosts: []);
            _changed(new IntentChange((ulong)Service.Revision, delta, file));
        }

        return conflicts;
    }

    private static EquatableArray<BgpNeighborIntent> Sorted(params IEnumerable<EquatableArray<BgpNeighborIntent>> lists) =>
        [.. lists.SelectMany(list => list).OrderBy(neighbor => neighbor.Name, StringComparer.Ordinal)];

    private void Committed(ConfigDelta delta, long askedAt)
    {
        Times.Durable.Observe(Loop.Time.GetElapsedTime(askedAt));
        _changed(new IntentChange((ulong)delta.Revision, _intent.Apply(delta), AskedAt: askedAt));
    }
}
