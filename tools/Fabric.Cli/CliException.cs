namespace Fabric.Cli;

/// <summary>What went wrong, and in <see cref="Hint"/> what to do next; printed without a stack, exit code 1.</summary>
public sealed class CliException : Exception
{
    public CliException() { }

    public CliException(string message)
        : base(message) { }

    public CliException(string message, Exception innerException)
        : base(message, innerException) { }

    public CliException(string message, string? hint)
        : base(message) => Hint = hint;

    public string? Hint { get; }
}
