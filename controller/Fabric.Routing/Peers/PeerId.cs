namespace Fabric.Routing;

/// <summary>A peer's number in the RIB, given by <see cref="RoutingCore.Establish"/> and valid until <see cref="RoutingCore.Remove"/>.</summary>
public readonly record struct PeerId(ushort Value)
{
    public override string ToString() => $"peer {Value}";
}
