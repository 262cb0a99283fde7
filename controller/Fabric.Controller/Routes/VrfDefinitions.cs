using Fabric.Controller.Options;
using Fabric.Intent;
using Fabric.Primitives;
using Fabric.Routing;

namespace Fabric.Controller.Routes;

/// <summary>Owned by the routing loop: the VRFs of the intent with the policies that the options file gives them.</summary>
internal sealed class VrfDefinitions(RoutingCore core, PolicyBook policies, EquatableArray<VrfPolicyOptions> vrfPolicies)
{
    private readonly Dictionary<string, VrfIntent> _intents = new(StringComparer.Ordinal);
    private PolicyBook _policies = policies;
    private Dictionary<string, VrfPolicyOptions> _vrfPolicies = ByName(vrfPolicies);

    public void Set(VrfIntent intent)
    {
        _intents[intent.Name] = intent;
        core.ConfigureVrf(DefinitionOf(intent));
    }

    public void Remove(string name)
    {
        _intents.Remove(name);
        core.RemoveVrf(name);
    }

    /// <summary>The options file was read again.</summary>
    public void Configure(PolicyBook book, EquatableArray<VrfPolicyOptions> named)
    {
        _policies = book;
        _vrfPolicies = ByName(named);
        foreach (var intent in _intents.Values)
        {
            core.ConfigureVrf(DefinitionOf(intent));
        }
    }

    private static Dictionary<string, VrfPolicyOptions> ByName(EquatableArray<VrfPolicyOptions> named) =>
        named.ToDictionary(item => item.Vrf, StringComparer.Ordinal);

    private VrfDefinition DefinitionOf(VrfIntent intent)
    {
        var named = _vrfPolicies.GetValueOrDefault(intent.Name);
        return new VrfDefinition
        {
            Name = intent.Name,
            ImportTargets = intent.ImportTargets,
            ExportTargets = intent.ExportTargets,
            ImportPolicies = _policies.Chain(named?.Import ?? []),
            ExportPolicies = _policies.Chain(named?.Export ?? []),
        };
    }
}
