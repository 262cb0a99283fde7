namespace Fabric.Datapath.Host.Configuration;

/// <summary>A configuration that cannot be used. The message has one line for each fault: file, line, key and what is expected.</summary>
public sealed class DatapathOptionsException : Exception
{
    public DatapathOptionsException() { }

    public DatapathOptionsException(string message)
        : base(message) { }

    public DatapathOptionsException(string message, Exception innerException)
        : base(message, innerException) { }
}
