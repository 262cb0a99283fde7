using System.Buffers;
using Fabric.Intent;
using Fabric.Model.AgentView;
using Fabric.Primitives;

namespace Fabric.Controller.Agents;

/// <summary>What changed in a host's view, as XML nodes.</summary>
internal sealed record AgentViewChange(ulong Generation, ReadOnlyMemory<byte>[] Updates, ReadOnlyMemory<byte>[] Deletes);

/// <summary>
/// Owned by the routing loop: the views of all hosts with ports, those without an agent too, since an agent may come at any time.
/// The generation is the configuration's revision.
/// </summary>
internal sealed class AgentViews
{
    private readonly Dictionary<string, AgentView> _views = [];
    private AgentGlobalConfig? _global;

    public ulong Generation { get; private set; }

    /// <summary>Hears of what changed in a host's view.</summary>
    public Action<string, AgentViewChange> Changed { get; set; } = static (_, _) => { };

    /// <summary>Gives the names of hosts whose agents are there, with ports or without; settings of all are for them too.</summary>
    public Func<IEnumerable<string>> Listeners { get; set; } = static () => [];

    /// <summary>The whole view. A host without ports has the global settings alone.</summary>
    public AgentViewChange Of(string host) =>
        new(Generation, [.. Global(), .. (_views.GetValueOrDefault(host)?.Objects ?? []).Select(Encode)], []);

    /// <summary>Whether a port of the host is in the VRF.</summary>
    public bool IsIn(string host, string vrf) => _views.GetValueOrDefault(host)?.IsIn(vrf) == true;

    /// <summary>Whether a port of the host has the address in the VRF.</summary>
    public bool IsAt(string host, string vrf, IpAddress address) => _views.GetValueOrDefault(host)?.IsAt(vrf, address) == true;

    public void Apply(ulong generation, IntentDelta delta)
    {
        Generation = generation;
        _global = delta.Global ?? _global;
        var told = new HashSet<string>();
        foreach (var host in delta.Hosts)
        {
            Apply(host);
            told.Add(host.Host);
            Changed(
                host.Host,
                new AgentViewChange(
                    generation,
                    [.. delta.Global is null ? [] : Global(), .. host.Changed.Select(Encode)],
                    [.. host.Removed.Select(Encode)]
                )
            );
        }

        if (delta.Global is null)
        {
            return;
        }

        foreach (var host in Listeners().Where(host => !told.Contains(host)))
        {
            Changed(host, new AgentViewChange(generation, Global(), []));
        }
    }

    private void Apply(HostViewDelta delta)
    {
        if (!_views.TryGetValue(delta.Host, out var view))
        {
            _views.Add(delta.Host, view = new AgentView());
        }

        foreach (var value in delta.Changed)
        {
            view.Put(value);
        }

        foreach (var key in delta.Removed)
        {
            view.Remove(key);
        }

        if (view.IsEmpty)
        {
            _views.Remove(delta.Host);
        }
    }

    private ReadOnlyMemory<byte>[] Global() => _global is null ? [] : [Encode(_global)];

    public static ReadOnlyMemory<byte> Encode(AgentViewObject value)
    {
        var output = new ArrayBufferWriter<byte>();
        AgentViewXml.Encode(value, output);
        return output.WrittenMemory;
    }

    private static ReadOnlyMemory<byte> Encode(AgentViewKey key)
    {
        var output = new ArrayBufferWriter<byte>();
        AgentViewXml.EncodeDelete(key, output);
        return output.WrittenMemory;
    }
}
