using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Fabric.Primitives;
using Fabric.Wire.Xmpp;

namespace Fabric.Wire.Tests.Xmpp;

/// <summary>Stanzas as deployed agents and control nodes write them.</summary>
internal static partial class Golden
{
    public const string AgentOpen =
        "<?xml version=\"1.0\"?><stream:stream from=\"host7.example.net\" to=\"network-control@contrailsystems.com\" version=\"1.0\""
        + " xml:lang=\"en\" xmlns=\"jabber:client\" xmlns:stream=\"http://etherx.jabber.org/streams\" >";

    public const string ControlNodeOpen =
        "<?xml version=\"1.0\"?><stream:stream from=\"network-control@contrailsystems.com\" to=\"host7.example.net\" id=\"++123\" version=\"1.0\""
        + " xml:lang=\"en\" xmlns=\"jabber:client\" xmlns:stream=\"http://etherx.jabber.org/streams\" >";

    public const string Subscribe = """
        <iq type="set" from="host7.example.net" to="network-control@contrailsystems.com/bgp-peer" id="subscribe41">
          <pubsub xmlns="http://jabber.org/protocol/pubsub">
            <subscribe node="default-domain:acme:web:web">
              <options><instance-id>5</instance-id></options>
            </subscribe>
          </pubsub>
        </iq>
        """;

    public const string Entry = """
        <entry>
          <nlri><af>1</af><safi>1</safi><address>10.20.0.5/32</address></nlri>
          <next-hops>
            <next-hop>
              <af>1</af>
              <address>192.0.2.17</address>
              <mac>52:54:00:aa:00:17</mac>
              <label>33</label>
              <vni>0</vni>
              <tunnel-encapsulation-list>
                <tunnel-encapsulation>gre</tunnel-encapsulation>
                <tunnel-encapsulation>udp</tunnel-encapsulation>
              </tunnel-encapsulation-list>
              <virtual-network>default-domain:acme:web</virtual-network>
              <tag-list><tag>4294967298</tag></tag-list>
              <is-new-tags-list>true</is-new-tags-list>
              <local-sequence-number>0</local-sequence-number>
            </next-hop>
          </next-hops>
          <version>1</version>
          <virtual-network>default-domain:acme:web</virtual-network>
          <mobility sticky="false" seqno="3"/>
          <peers/>
          <sequence-number>3</sequence-number>
          <security-group-list><security-group>8000003</security-group></security-group-list>
          <community-tag-list><community-tag>64512:70</community-tag></community-tag-list>
          <local-preference>200</local-preference>
          <med>0</med>
          <load-balance>
            <load-balance-fields>
              <load-balance-field-list>l3-source-address</load-balance-field-list>
              <load-balance-field-list>l4-destination-port</load-balance-field-list>
            </load-balance-fields>
            <load-balance-decision>field-hash</load-balance-decision>
          </load-balance>
          <sub-protocol>interface</sub-protocol>
        </entry>
        """;

    public static readonly UnicastItem Item = new()
    {
        Prefix = IpPrefix.Parse("10.20.0.5/32"),
        NextHops =
        [
            new ItemNextHop
            {
                Address = IpAddress.Parse("192.0.2.17"),
                MacAddress = MacAddress.Parse("52:54:00:aa:00:17"),
                Label = 33,
                Encapsulations = TunnelEncapsulations.MplsOverGre | TunnelEncapsulations.MplsOverUdp,
                VirtualNetwork = "default-domain:acme:web",
                Tags = [4294967298],
            },
        ],
        VirtualNetwork = "default-domain:acme:web",
        Mobility = new ItemMobility(false, 3),
        SequenceNumber = 3,
        SecurityGroups = [8000003],
        CommunityTags = ["64512:70"],
        LocalPreference = 200,
        LoadBalance = new ItemLoadBalance(["l3-source-address", "l4-destination-port"], "field-hash"),
        SubProtocol = "interface",
    };

    public static readonly string Publish = $"""
        <iq type="set" from="host7.example.net" to="network-control@contrailsystems.com/bgp-peer" id="pubsub12">
          <pubsub xmlns="http://jabber.org/protocol/pubsub">
            <publish node="1/1/default-domain:acme:web:web/10.20.0.5/32">
              <item>{Entry}</item>
            </publish>
          </pubsub>
        </iq>
        """;

    public const string Associate = """
        <iq type="set" from="host7.example.net" to="network-control@contrailsystems.com/bgp-peer" id="collection12">
          <pubsub xmlns="http://jabber.org/protocol/pubsub">
            <collection node="default-domain:acme:web:web">
              <associate node="1/1/default-domain:acme:web:web/10.20.0.5/32"/>
            </collection>
          </pubsub>
        </iq>
        """;

    public static readonly string Notification = $"""
        <message from="network-control@contrailsystems.com" to="host7.example.net/bgp-peer">
          <event xmlns="http://jabber.org/protocol/pubsub">
            <items node="1/1/default-domain:acme:web:web">
              <item id="10.20.0.5/32">{Entry}</item>
              <item id="10.20.0.5/32">{Entry}</item>
            </items>
          </event>
        </message>
        """;

    public const string Retract = """
        <message from="network-control@contrailsystems.com" to="host7.example.net/bgp-peer">
          <event xmlns="http://jabber.org/protocol/pubsub">
            <items node="1/1/default-domain:acme:web:web"><retract id="10.20.0.9/32" /></items>
          </event>
        </message>
        """;

    public const string EndOfRib = """
        <message from="network-control@contrailsystems.com" to="host7.example.net/bgp-peer">
          <event xmlns="http://jabber.org/protocol/pubsub"><items node="0/0/EndOfRib"></items></event>
        </message>
        """;

    public const string ConfigSubscribe = """
        <iq type="set" from="host7.example.net" to="network-control@contrailsystems.com/config">
          <pubsub xmlns="http://jabber.org/protocol/pubsub">
            <subscribe node="virtual-router:default-global-system-config:host7.example.net"/></pubsub></iq>
        """;

    public const string Config = """
        <iq type="set" from="network-control@contrailsystems.com" to="default-global-system-config:host7.example.net/config">
          <config generation="7">
            <update>
              <node type="virtual-network"><name>default-domain:acme:web</name><virtual-network-network-id>5</virtual-network-network-id></node>
            </update>
            <delete>
              <node type="access-control-list"><name>default-domain:acme:web:web</name></node>
            </delete>
          </config>
        </iq>
        """;

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static Stanza Read(string text) => new StanzaReader().Read(Bytes(text));

    public static string Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static string Written(Stanza stanza) => Written(stanza.Write);

    /// <summary>Takes the layout's white space out, and makes the forms of empty elements one, with a parser that is not ours.</summary>
    public static string Canonical(string xml)
    {
        var parsed = XElement.Parse(BetweenTags().Replace(xml, "><"));
        foreach (var element in parsed.DescendantsAndSelf().Where(e => e.IsEmpty))
        {
            element.Value = "";
        }

        return parsed.ToString(SaveOptions.DisableFormatting);
    }

    [GeneratedRegex(@">\s+<")]
    private static partial Regex BetweenTags();
}
