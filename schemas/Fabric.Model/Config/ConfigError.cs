namespace Fabric.Model.Config;

/// <summary>What is wrong with a request: where (a JSON path such as "$[2].addresses[0]"), what, and what to do about it.</summary>
public sealed record ConfigError(string Path, string Message, string NextStep);
