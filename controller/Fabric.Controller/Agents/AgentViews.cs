using System.Buffers;
using Fabric.Intent;
using Fabric.Model.AgentView;
using Fabric.Primitives;

namespace Fabric.Controller.Agents;

/// <summary>What changed in a host's view, as XML nodes.</summary>
internal sealed record AgentViewChange(ulong Generation, ReadOnlyMemory<byte>[] Updates, ReadOnlyMemory<byte>[] Deletes);

/// <summary>A host's view: the objects that its agent needs, at a generation.</summary>
internal sealed class AgentView
{
    private readonly SortedDictionary<string, AgentViewObject> _objects = new(StringComparer.Ordinal);

    public ulong Generation { get; set; }

    public void Put(AgentViewObject value) => _objects[value.Key.ToString()] = value;

    public void Remove(AgentViewKey key) => _objects.Remove(key.ToString());

    public ReadOnlyMemory<byte>[] Encode() => [.. _objects.Values.Select(Encode)];

    public static ReadOnlyMemory<byte> Encode(AgentViewObject value)
    {
        var output = new ArrayBufferWriter<byte>();
        AgentViewXml.Encode(value, output);
        return output.WrittenMemory;
    }

    public static ReadOnlyMemory<byte> Encode(AgentViewKey key)
    {
        var output = new ArrayBufferWriter<byte>();
        AgentViewXml.EncodeDelete(key, output);
        return output.WrittenMemory;
    }
}

/// <summary>
/// Owned by the routing loop: the views of all hosts, those without an agent too, since an agent may come at any time. The
/// generation is the configuration's revision.
/// </summary>
internal sealed class AgentViews
{
    private readonly Dictionary<string, AgentView> _views = [];
    private AgentGlobalConfig? _global;
    private ulong _generation;

    /// <summary>Hears of changes of a host's view.</summary>
    public Action<string, AgentViewChange> Changed { get; set; } = static (_, _) => { };

    /// <summary>A host without ports has the global settings alone.</summary>
    public AgentView Of(string host)
    {
        if (!_views.TryGetValue(host, out var view))
        {
            _views.Add(host, view = new AgentView());
            if (_global is not null)
            {
                view.Put(_global);
            }
        }

        view.Generation = _generation;
        return view;
    }

    public void SetGeneration(ulong generation) => _generation = generation;

    public void Apply(IntentDelta delta)
    {
        if (delta.Global is { } global)
        {
            _global = global;
            foreach (var host in _views.Keys)
            {
                Apply(host, [global], []);
            }
        }

        foreach (var host in delta.Hosts)
        {
            Apply(host.Host, host.Changed, host.Removed);
        }
    }

    private void Apply(string host, EquatableArray<AgentViewObject> changed, EquatableArray<AgentViewKey> removed)
    {
        var view = Of(host);
        foreach (var value in changed)
        {
            view.Put(value);
        }

        foreach (var key in removed)
        {
            view.Remove(key);
        }

        Changed(host, new AgentViewChange(_generation, [.. changed.Select(AgentView.Encode)], [.. removed.Select(AgentView.Encode)]));
    }
}
