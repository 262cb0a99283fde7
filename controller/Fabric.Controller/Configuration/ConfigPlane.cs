using Fabric.Config;
using Fabric.Controller.Api;
using Fabric.Intent;
using Fabric.Model.Config;
using Fabric.Runtime;

namespace Fabric.Controller.Configuration;

/// <summary>
/// Owned by the config loop: the objects, and the intent that follows from them. Each transaction is durable before the intent
/// hears of it; what differs goes to the routing loop in the order of revisions.
/// </summary>
internal sealed class ConfigPlane
{
    private readonly IntentGraph _intent = new();
    private readonly Action<IntentChange> _changed;

    /// <param name="changed">Called on the config loop; hands on to the routing loop.</param>
    public ConfigPlane(IConfigStore store, Func<Guid> newIdentifier, IEventLoop loop, Action<IntentChange> changed)
    {
        Loop = loop;
        _changed = changed;
        Service = new ConfigService(store, newIdentifier);
        Api = new ConfigApi(loop, Service, Committed);
    }

    public IEventLoop Loop { get; }

    public ConfigService Service { get; }

    /// <summary>For callers on any thread.</summary>
    public IConfigApi Api { get; }

    /// <summary>What the stored objects come to; the routing loop gets it before the first session.</summary>
    public IntentChange Start() => new((ulong)Service.Revision, _intent.Apply(Service.Snapshot()));

    private void Committed(ConfigDelta delta) => _changed(new IntentChange((ulong)delta.Revision, _intent.Apply(delta)));
}
