using Fabric.Primitives;

namespace Fabric.Controller.Options;

/// <summary>The policies of a VRF, by name.</summary>
/// <param name="Vrf">Its fully qualified name.</param>
/// <param name="Import">Asked for each VPN route that an import target brings into it.</param>
/// <param name="Export">Asked for each of its routes on their way into the VPN table.</param>
public sealed record VrfPolicyOptions(string Vrf, EquatableArray<string> Import, EquatableArray<string> Export);
