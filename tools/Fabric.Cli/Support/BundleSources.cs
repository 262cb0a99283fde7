namespace Fabric.Cli.Support;

/// <summary>What a bundle is made from beside the programs' answers.</summary>
internal sealed record BundleSources
{
    public delegate Task<Finding> Command(IReadOnlyList<string> words, BundleLimits limits, CancellationToken cancellation);

    public static BundleSources Default { get; } = new();

    /// <summary>The kernel's view of the processes and the machine.</summary>
    public string ProcessDirectory { get; init; } = "/proc";

    public Command Run { get; init; } = MachineCommand.RunAsync;

    public BundleLimits Limits { get; init; } = BundleLimits.Default;
}
