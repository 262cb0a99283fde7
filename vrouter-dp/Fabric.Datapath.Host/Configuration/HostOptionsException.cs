namespace Fabric.Datapath.Host.Configuration;

/// <summary>A configuration that cannot be used. The message has one line for each fault: file, line, key and what is expected.</summary>
public sealed class HostOptionsException : Exception
{
    public HostOptionsException() { }

    public HostOptionsException(string message)
        : base(message) { }

    public HostOptionsException(string message, Exception innerException)
        : base(message, innerException) { }
}
