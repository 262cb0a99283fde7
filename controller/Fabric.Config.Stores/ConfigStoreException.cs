namespace Fabric.Config.Stores;

/// <summary>The store can't do its work; the message says which file, why, and what to do.</summary>
public sealed class ConfigStoreException : Exception
{
    public ConfigStoreException() { }

    public ConfigStoreException(string message)
        : base(message) { }

    public ConfigStoreException(string message, Exception innerException)
        : base(message, innerException) { }
}
