namespace Fabric.Cli.Output;

/// <summary>What is not well, why, and what to look at.</summary>
internal sealed record Problem(string Subject, string Reason, string? Hint);
