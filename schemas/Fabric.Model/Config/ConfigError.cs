namespace Fabric.Model.Config;

/// <summary>What is wrong with a request: where (a JSON path such as "$[2].addresses[0]"), what, and what to do about it.</summary>
public sealed record ConfigError(string Path, string Message, string NextStep)
{
    /// <summary>So many of a request are told: an answer to a request that is wrong throughout would be larger than it by far.</summary>
    public const int MaxTold = 1000;
}
