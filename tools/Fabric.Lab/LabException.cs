namespace Fabric.Lab;

/// <summary>The lab cannot go on; the message is for the person who called it.</summary>
public sealed class LabException : Exception
{
    public LabException() { }

    public LabException(string message)
        : base(message) { }

    public LabException(string message, Exception inner)
        : base(message, inner) { }
}
