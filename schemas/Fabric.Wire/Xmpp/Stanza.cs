using System.Buffers;

namespace Fabric.Wire.Xmpp;

/// <summary>One unit of the stream between control node and agent. What a peer sent wrongly is a <see cref="MalformedStanza"/>, not an exception.</summary>
public abstract record Stanza
{
    public string From { get; init; } = "";

    public string To { get; init; } = "";

    public virtual void Write(IBufferWriter<byte> output) => throw new NotSupportedException($"{GetType().Name} is only read.");
}

/// <summary>Bytes that are no XML as RFC 6120 section 11 allows it, or a stanza that lacks what its kind needs; the session cannot go on.</summary>
public sealed record MalformedStanza(string Reason) : Stanza;

/// <summary>Well formed, but nothing that this protocol knows; passed over.</summary>
public sealed record UnknownStanza(string Name) : Stanza;
