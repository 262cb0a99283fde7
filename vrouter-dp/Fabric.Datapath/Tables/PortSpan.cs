namespace Fabric.Datapath;

/// <summary>Ports from one to another, both among them.</summary>
/// <param name="First">The least.</param>
/// <param name="Last">The greatest; below <paramref name="First"/> there is none.</param>
internal readonly record struct PortSpan(ushort First, ushort Last)
{
    public static PortSpan All => new(0, ushort.MaxValue);

    public static PortSpan None => new(1, 0);

    public bool Has(ushort port) => port >= First && port <= Last;

    /// <summary>The ports that are in both.</summary>
    public PortSpan And(PortSpan other) => new(Math.Max(First, other.First), Math.Min(Last, other.Last));
}
