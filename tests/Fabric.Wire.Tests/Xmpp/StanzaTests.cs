using Fabric.Primitives;
using Fabric.Wire.Xmpp;

namespace Fabric.Wire.Tests.Xmpp;

public sealed class StanzaTests
{
    private const string Agent = "host7.example.net";
    private const string Vrf = "default-domain:acme:web:web";

    [Test]
    public void The_agents_opening_tag_is_byte_for_byte_that_of_deployed_agents()
    {
        var open = new StreamOpen { From = Agent, To = XmppNames.ControlNode };

        Assert.That(Golden.Written(open), Is.EqualTo(Golden.AgentOpen));
        Assert.That(StreamOpen.Read(Golden.Bytes(Golden.AgentOpen)), Is.EqualTo(open));
    }

    [Test]
    public void The_control_nodes_opening_tag_has_an_id()
    {
        var open = new StreamOpen
        {
            From = XmppNames.ControlNode,
            To = Agent,
            Id = "++123",
        };

        Assert.That(Golden.Written(open), Is.EqualTo(Golden.ControlNodeOpen));
        Assert.That(StreamOpen.Read(Golden.Bytes(Golden.ControlNodeOpen)), Is.EqualTo(open));
    }

    [TestCase("<stream:stream to='a'>", "from")]
    [TestCase("<stream from='a'>", "stream:stream")]
    [TestCase("<?php ?><stream:stream from='a'>", "processing instruction")]
    [TestCase("<stream:stream from='a' from='b'>", "attributes")]
    public void An_opening_tag_that_is_none_is_refused_with_the_reason(string text, string reason) =>
        Assert.That(((MalformedStanza)StreamOpen.Read(Golden.Bytes(text))).Reason, Does.Contain(reason));

    [TestCase("<stream:features><starttls xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"><required/></starttls></stream:features>")]
    [TestCase("<starttls xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"/>")]
    [TestCase("<proceed xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"/>")]
    public void Starttls_stanzas_are_byte_for_byte_those_of_deployed_peers(string text) =>
        Assert.That(Golden.Written(Golden.Read(text)), Is.EqualTo(text));

    [Test]
    public void A_subscription_names_the_vrf_and_the_agents_number_of_it()
    {
        var subscribe = new SubscribeStanza(Vrf, 5)
        {
            From = Agent,
            To = XmppNames.ControlNodeRoutes,
            Id = "subscribe41",
        };

        AssertBothWays(Golden.Subscribe, subscribe);
        AssertBothWays(
            Golden.Subscribe.Replace("<options><", "<options><").Replace("</options>", "<no-ribout>true</no-ribout></options>"),
            subscribe with
            {
                NoRibOut = true,
            }
        );
        AssertBothWays(
            Golden.Subscribe.Replace("subscribe node", "unsubscribe node").Replace("/subscribe", "/unsubscribe"),
            new UnsubscribeStanza(Vrf, 5)
            {
                From = Agent,
                To = XmppNames.ControlNodeRoutes,
                Id = "subscribe41",
            }
        );
    }

    [Test]
    public void Subscription_options_may_stand_beside_the_subscribe_element()
    {
        var text = """
            <iq type="set" from="a" to="network-control@contrailsystems.com/bgp-peer" id="s1"><pubsub><subscribe node="v"/>
            <options><instance-id>9</instance-id></options></pubsub></iq>
            """;

        Assert.That(((SubscribeStanza)Golden.Read(text)).InstanceId, Is.EqualTo(9));
    }

    [Test]
    public void A_published_route_has_all_fields_of_its_item_both_ways() =>
        AssertBothWays(
            Golden.Publish,
            new PublishStanza($"1/1/{Vrf}/10.20.0.5/32", Golden.Item)
            {
                From = Agent,
                To = XmppNames.ControlNodeRoutes,
                Id = "pubsub12",
            }
        );

    [Test]
    public void A_collection_adds_or_withdraws()
    {
        var associate = new CollectionStanza(Vrf, $"1/1/{Vrf}/10.20.0.5/32", IsAssociate: true)
        {
            From = Agent,
            To = XmppNames.ControlNodeRoutes,
            Id = "collection12",
        };

        AssertBothWays(Golden.Associate, associate);
        AssertBothWays(Golden.Associate.Replace("associate", "dissociate"), associate with { IsAssociate = false });
    }

    [Test]
    public void A_notification_carries_items_of_one_table()
    {
        var notification = (NotificationStanza)Golden.Read(Golden.Notification);

        Assert.That(notification.Family, Is.EqualTo(AddressFamily.Ipv4Unicast));
        Assert.That(notification.Vrf, Is.EqualTo(Vrf));
        Assert.That(notification.Items, Is.EqualTo(Enumerable.Repeat(new NotifiedItem("10.20.0.5/32", Golden.Item, null), 2)));

        var item = Golden.Bytes(Golden.Written(o => NotificationWriter.EncodeItem(o, "10.20.0.5/32", Golden.Item)));
        var written = Golden.Written(o => NotificationWriter.WriteItems(o, Agent, $"1/1/{Vrf}", [item, item]));
        Assert.That(Golden.Canonical(written), Is.EqualTo(Golden.Canonical(Golden.Notification)));
    }

    [Test]
    public void A_retract_names_the_route_that_is_gone()
    {
        Assert.That(((NotificationStanza)Golden.Read(Golden.Retract)).Retracts, Is.EqualTo(new[] { "10.20.0.9/32" }));

        var written = Golden.Written(o => NotificationWriter.WriteRetracts(o, Agent, $"1/1/{Vrf}", ["10.20.0.9/32"]));
        Assert.That(Golden.Canonical(written), Is.EqualTo(Golden.Canonical(Golden.Retract)));
    }

    [Test]
    public void A_message_holds_at_most_32_items_or_256_retracts()
    {
        ReadOnlyMemory<byte>[] items = [.. Enumerable.Repeat<ReadOnlyMemory<byte>>("<item id=\"x\"/>"u8.ToArray(), 65)];
        string[] retracts = [.. Enumerable.Range(0, 257).Select(i => $"{i}")];

        var itemMessages = Golden.Written(o => NotificationWriter.WriteItems(o, Agent, "1/1/v", items)).Split("</message>");
        var retractMessages = Golden.Written(o => NotificationWriter.WriteRetracts(o, Agent, "1/1/v", retracts)).Split("</message>");

        Assert.That(itemMessages.Select(m => m.Split("<item id").Length - 1), Is.EqualTo(new[] { 32, 32, 1, 0 }));
        Assert.That(retractMessages.Select(m => m.Split("<retract id").Length - 1), Is.EqualTo(new[] { 256, 1, 0 }));
    }

    [Test]
    public void End_of_rib_is_written_as_deployed_control_nodes_do() =>
        AssertBothWays(Golden.EndOfRib, new EndOfRibStanza { From = XmppNames.ControlNode, To = Agent + XmppNames.RouteResource });

    [TestCase("<message from='a' to='b/bgp-peer'><event xmlns='http://jabber.org/protocol/pubsub'/></message>")]
    [TestCase("<message from='a' to='b/bgp-peer'/>")]
    [TestCase("<iq type='set' from='a' to='b/bgp-peer'><pubsub><publish node='0/0/EndOfRib'/></pubsub></iq>")]
    public void End_of_rib_is_understood_in_every_form_that_is_about(string text) =>
        Assert.That(Golden.Read(text), Is.TypeOf<EndOfRibStanza>());

    [Test]
    public void A_config_subscription_goes_to_the_config_resource() =>
        AssertBothWays(
            Golden.ConfigSubscribe,
            new ConfigSubscribeStanza(XmppNames.VirtualRouterNode + XmppNames.VirtualRouter(Agent))
            {
                From = Agent,
                To = XmppNames.ControlNodeConfig,
            }
        );

    [Test]
    public void A_config_stanza_carries_objects_untouched_and_the_generation()
    {
        var config = (ConfigStanza)Golden.Read(Golden.Config);

        Assert.That(config.Generation, Is.EqualTo(7));
        Assert.That(
            System.Text.Encoding.UTF8.GetString(config.Updates[0].Span),
            Does.StartWith("<node type=\"virtual-network\"><name>").And.EndWith("5</virtual-network-network-id></node>")
        );
        Assert.That(
            System.Text.Encoding.UTF8.GetString(config.Deletes[0].Span),
            Does.StartWith("<node type=\"access").And.EndWith("</node>")
        );
        Assert.That(Golden.Canonical(Golden.Written(config)), Is.EqualTo(Golden.Canonical(Golden.Config)));
    }

    [Test]
    public void The_end_of_config_marks_a_generation_as_whole()
    {
        var text = Golden.Written(o => ConfigWriter.WriteEnd(o, XmppNames.VirtualRouter(Agent), 8));

        Assert.That(text, Does.Contain("<config generation=\"8\"><end-of-config/></config>"));
        var end = (ConfigStanza)Golden.Read(text);
        Assert.That((end.IsEnd, end.Generation), Is.EqualTo((true, 8UL)));
    }

    [Test]
    public void A_config_change_is_cut_into_stanzas_of_16_objects()
    {
        ReadOnlyMemory<byte>[] nodes = [.. Enumerable.Repeat<ReadOnlyMemory<byte>>("<node/>"u8.ToArray(), 20)];

        var stanzas = Golden.Written(o => ConfigWriter.WriteChange(o, "vr", 3, nodes, nodes)).Split("</iq>");

        Assert.That(stanzas.Select(s => s.Split("<node/>").Length - 1), Is.EqualTo(new[] { 16, 16, 8, 0 }));
    }

    [Test]
    public void Names_with_markup_characters_survive_both_ways()
    {
        var subscribe = new SubscribeStanza("a<b>&\"c'd\té€😀", 1) { From = "h", To = "x/bgp-peer" };
        var text = Golden.Written(subscribe);

        Assert.That(Golden.Read(text), Is.EqualTo(subscribe));
        Assert.That(
            System.Xml.Linq.XElement.Parse(text).Descendants().Last(e => e.Attribute("node") is not null).Attribute("node")!.Value,
            Is.EqualTo(subscribe.Vrf.Replace('\t', ' '))
        );
    }

    private static void AssertBothWays(string text, Stanza stanza)
    {
        Assert.That(Golden.Read(text), Is.EqualTo(stanza));
        Assert.That(Golden.Canonical(Golden.Written(stanza)), Is.EqualTo(Golden.Canonical(text)));
    }
}
