using System.Buffers;

namespace Fabric.Wire.Xmpp;

/// <summary>STARTTLS (RFC 6120 section 5), control node to agent: TLS is there, and asked for where the stanza says so.</summary>
public sealed record StreamFeatures(bool StartTlsRequired) : Stanza
{
    public override void Write(IBufferWriter<byte> output) =>
        output.Write(
            StartTlsRequired
                ? "<stream:features><starttls xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"><required/></starttls></stream:features>"u8
                : "<stream:features></stream:features>"u8
        );
}

/// <summary>Agent to control node: let us begin.</summary>
public sealed record StartTlsRequest : Stanza
{
    public override void Write(IBufferWriter<byte> output) => output.Write("<starttls xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"/>"u8);
}

/// <summary>Control node to agent: the next byte is TLS.</summary>
public sealed record TlsProceed : Stanza
{
    public override void Write(IBufferWriter<byte> output) => output.Write("<proceed xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"/>"u8);
}
