namespace Fabric.Cli.Output;

/// <summary>A session of a program: with whom it is, its state and how long it is up.</summary>
internal sealed record SessionLine(string Kind, string With, string State, string? Up, string Details);
