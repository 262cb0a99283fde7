namespace Fabric.Bench;

/// <summary>A run that cannot go on; the message is for the person who started it.</summary>
public sealed class BenchException : Exception
{
    public BenchException(string message)
        : base(message) { }

    public BenchException(string message, Exception innerException)
        : base(message, innerException) { }

    public BenchException() { }
}
