namespace Fabric.Routing;

/// <summary>A VRF; without definition it is one that agents asked for and nobody configured.</summary>
public sealed record VrfView(string Name, VrfDefinition? Definition, int Routes, int Subscriptions);
