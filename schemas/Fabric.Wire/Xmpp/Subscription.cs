using System.Buffers;

namespace Fabric.Wire.Xmpp;

/// <summary>
/// Agent to control node: joins a VRF (its fully qualified name).
/// <code>
/// &lt;iq type="set" from="host7" to="network-control@contrailsystems.com/bgp-peer" id="subscribe41">
///   &lt;pubsub xmlns="http://jabber.org/protocol/pubsub">&lt;subscribe node="default-domain:acme:web:web">
///     &lt;options>&lt;instance-id>5&lt;/instance-id>&lt;/options>&lt;/subscribe>&lt;/pubsub>&lt;/iq>
/// </code>
/// The options may also stand beside the subscribe element. The instance id is the agent's number of the VRF, and makes the
/// route distinguisher. With NoRibOut the agent publishes and wants no routes back.
/// </summary>
public sealed record SubscribeStanza(string Vrf, uint InstanceId) : Stanza
{
    public bool NoRibOut { get; init; }

    public string Id { get; init; } = "";

    public override void Write(IBufferWriter<byte> output)
    {
        var xml = new Utf8XmlWriter(output);
        IqEnvelope.Begin(xml, this, Id);
        xml.Markup("<subscribe node=\""u8);
        xml.Value(Vrf);
        xml.Markup("\"><options>"u8);
        xml.Element("instance-id"u8, InstanceId);
        if (NoRibOut)
        {
            xml.Element("no-ribout"u8, true);
        }

        xml.Markup("</options></subscribe>"u8);
        IqEnvelope.End(xml);
    }
}

/// <summary>Agent to control node: leaves a VRF; all its routes there go.</summary>
public sealed record UnsubscribeStanza(string Vrf, uint InstanceId) : Stanza
{
    public string Id { get; init; } = "";

    public override void Write(IBufferWriter<byte> output)
    {
        var xml = new Utf8XmlWriter(output);
        IqEnvelope.Begin(xml, this, Id);
        xml.Markup("<unsubscribe node=\""u8);
        xml.Value(Vrf);
        xml.Markup("\"><options>"u8);
        xml.Element("instance-id"u8, InstanceId);
        xml.Markup("</options></unsubscribe>"u8);
        IqEnvelope.End(xml);
    }
}

/// <summary>Agent to control node: asks for configuration; the node is "virtual-router:NAME" or "virtual-machine:UUID".</summary>
public sealed record ConfigSubscribeStanza(string Node) : Stanza
{
    public override void Write(IBufferWriter<byte> output)
    {
        var xml = new Utf8XmlWriter(output);
        IqEnvelope.Begin(xml, this, "");
        xml.Markup("<subscribe node=\""u8);
        xml.Value(Node);
        xml.Markup("\"/>"u8);
        IqEnvelope.End(xml);
    }
}

/// <summary>Agent to control node: no more configuration for the node.</summary>
public sealed record ConfigUnsubscribeStanza(string Node) : Stanza
{
    public override void Write(IBufferWriter<byte> output)
    {
        var xml = new Utf8XmlWriter(output);
        IqEnvelope.Begin(xml, this, "");
        xml.Markup("<unsubscribe node=\""u8);
        xml.Value(Node);
        xml.Markup("\"/>"u8);
        IqEnvelope.End(xml);
    }
}
