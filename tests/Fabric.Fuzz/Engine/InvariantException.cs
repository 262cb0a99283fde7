namespace Fabric.Fuzz.Engine;

/// <summary>Something that holds for every input did not.</summary>
internal sealed class InvariantException : Exception
{
    public InvariantException() { }

    public InvariantException(string message)
        : base(message) { }

    public InvariantException(string message, Exception innerException)
        : base(message, innerException) { }
}
