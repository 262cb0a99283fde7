namespace Fabric.Hosting.Configuration;

/// <summary>An options file that cannot be used. The message has one line for each fault: file, line, column, key and what is expected.</summary>
public sealed class OptionsException : Exception
{
    public OptionsException() { }

    public OptionsException(string message)
        : base(message) { }

    public OptionsException(string message, Exception innerException)
        : base(message, innerException) { }
}
