namespace Fabric.Cli.Support;

/// <summary>How much a bundle may become, and how long one question may take.</summary>
internal sealed record BundleLimits
{
    public static BundleLimits Default { get; } = new();

    /// <summary>Octets of one part; more is cut.</summary>
    public int PartBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Octets of all parts before they are compressed; what comes after is left out.</summary>
    public long BundleBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary>Octets from the end of a log.</summary>
    public int LogBytes { get; init; } = 1024 * 1024;

    /// <summary>Until a program has answered a question.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Until a command of the machine has ended.</summary>
    public TimeSpan Command { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Neighbours, VRFs and devices of one program that are looked at one by one.</summary>
    public int Items { get; init; } = 200;

    /// <summary>Routes, flows and the like of one document.</summary>
    public int Rows { get; init; } = 1000;
}
