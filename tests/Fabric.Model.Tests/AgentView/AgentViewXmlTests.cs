using System.Buffers;
using System.Text;
using System.Xml;
using System.Xml.Schema;
using Fabric.Model.AgentView;
using Fabric.Primitives;

namespace Fabric.Model.Tests.AgentView;

[TestFixture]
public sealed class AgentViewXmlTests
{
    // Written by hand from schemas/xmpp/agent-view.xsd.
    private const string GlobalXml =
        "<node type=\"global-vrouter-config\"><name>global</name><autonomous-system>64512</autonomous-system>"
        + "<encapsulation>gre</encapsulation><encapsulation>udp</encapsulation></node>";

    private const string NetworkXml =
        "<node type=\"virtual-network\"><name>default-domain:acme:red</name><network-id>5</network-id>"
        + "<vrf>default-domain:acme:red:red</vrf><mtu>1400</mtu>"
        + "<subnet><prefix>10.1.0.0/24</prefix><gateway>10.1.0.1</gateway><service-address>10.1.0.2</service-address><dhcp>true</dhcp>"
        + "<dns-server>10.1.0.2</dns-server><dns-server>192.0.2.53</dns-server><domain-name>acme.example</domain-name>"
        + "<host-route><prefix>198.51.100.0/24</prefix><next-hop>10.1.0.9</next-hop></host-route>"
        + "<host-route><prefix>203.0.113.0/24</prefix></host-route></subnet></node>";

    private const string PortXml =
        "<node type=\"port\"><name>6f1c0e52-1111-4222-8333-444455556666</name><display-name>a &amp; b</display-name>"
        + "<network>default-domain:acme:red</network><mac-address>02:00:00:00:00:0a</mac-address>"
        + "<address>10.1.0.10</address><address>2001:db8::10</address><security-group>default-domain:acme:web</security-group></node>";

    private const string GroupXml =
        "<node type=\"security-group\"><name>default-domain:acme:web</name><id>8000000</id>"
        + "<rule><name>http</name><direction>ingress</direction><protocol>6</protocol><port-min>80</port-min><port-max>90</port-max>"
        + "<remote-prefix>0.0.0.0/0</remote-prefix></rule>"
        + "<rule><name>peers</name><direction>egress</direction><protocol>0</protocol><port-min>0</port-min><port-max>65535</port-max>"
        + "<remote-group>8000001</remote-group></rule></node>";

    private static readonly AgentGlobalConfig Global = new(
        new AsNumber(64512),
        [TunnelEncapsulations.MplsOverGre, TunnelEncapsulations.MplsOverUdp]
    );

    private static readonly AgentVirtualNetwork Network = new(
        "default-domain:acme:red",
        5,
        "default-domain:acme:red:red",
        [
            new AgentSubnet(
                IpPrefix.Parse("10.1.0.0/24"),
                IpAddress.Parse("10.1.0.1"),
                IpAddress.Parse("10.1.0.2"),
                DhcpEnabled: true,
                [IpAddress.Parse("10.1.0.2"), IpAddress.Parse("192.0.2.53")],
                "acme.example",
                [
                    new AgentHostRoute(IpPrefix.Parse("198.51.100.0/24"), IpAddress.Parse("10.1.0.9")),
                    new AgentHostRoute(IpPrefix.Parse("203.0.113.0/24"), default),
                ]
            ),
        ],
        1400
    );

    private static readonly AgentPort Port = new(
        "6f1c0e52-1111-4222-8333-444455556666",
        "a & b",
        "default-domain:acme:red",
        MacAddress.Parse("02:00:00:00:00:0a"),
        [IpAddress.Parse("10.1.0.10"), IpAddress.Parse("2001:db8::10")],
        ["default-domain:acme:web"]
    );

    private static readonly AgentSecurityGroup Group = new(
        "default-domain:acme:web",
        8000000,
        [
            new AgentSecurityGroupRule("http", TrafficDirection.Ingress, 6, 80, 90, IpPrefix.Parse("0.0.0.0/0"), 0),
            new AgentSecurityGroupRule("peers", TrafficDirection.Egress, 0, 0, 65535, null, 8000001),
        ]
    );

    private static IEnumerable<TestCaseData> Golden()
    {
        yield return new TestCaseData(Global, GlobalXml).SetArgDisplayNames("global-vrouter-config");
        yield return new TestCaseData(Network, NetworkXml).SetArgDisplayNames("virtual-network");
        yield return new TestCaseData(Port, PortXml).SetArgDisplayNames("port");
        yield return new TestCaseData(Group, GroupXml).SetArgDisplayNames("security-group");
    }

    [TestCaseSource(nameof(Golden))]
    public void An_object_is_encoded_as_its_golden_text(AgentViewObject value, string xml)
    {
        Assert.That(Encode(value), Is.EqualTo(xml));
    }

    [TestCaseSource(nameof(Golden))]
    public void The_golden_text_is_decoded_as_the_object(AgentViewObject value, string xml)
    {
        Assert.That(Decode(xml, out var error), Is.EqualTo(new[] { value }), error);
    }

    [TestCaseSource(nameof(Golden))]
    public void The_encoded_object_is_valid_by_the_schema(AgentViewObject value, string xml)
    {
        Assert.That(SchemaErrors(Encode(value)), Is.Empty, xml);
    }

    [TestCaseSource(nameof(Golden))]
    public void A_text_truncated_at_any_byte_is_refused_whole(AgentViewObject value, string xml)
    {
        for (var length = 1; length < xml.Length; length++)
        {
            Assert.That(Decode(xml[..length], out var error), Is.Empty, $"{value.Key} at {length}");
            Assert.That(error, Is.Not.Null);
        }
    }

    [Test]
    public void A_fragment_holds_any_number_of_nodes()
    {
        Assert.That(Decode("", out _), Is.Empty);
        Assert.That(Decode($" {GlobalXml}\n{NetworkXml}{PortXml}", out _), Is.EqualTo(new AgentViewObject[] { Global, Network, Port }));
    }

    [Test]
    public void A_namespace_inherited_from_the_stanza_does_not_matter()
    {
        var xml = GlobalXml.Replace("<node ", "<node xmlns=\"jabber:client\" ", StringComparison.Ordinal);

        Assert.That(Decode(xml, out _), Is.EqualTo(new[] { Global }));
    }

    [Test]
    public void An_element_or_a_type_of_a_newer_control_node_is_skipped()
    {
        var xml = GlobalXml.Replace(
            "</node>",
            "<colour>blue</colour></node><node type=\"tag\"><name>x</name></node>",
            StringComparison.Ordinal
        );

        Assert.That(Decode(xml, out _), Is.EqualTo(new[] { Global }));
    }

    [Test]
    public void A_delete_carries_only_type_and_name()
    {
        var buffer = new ArrayBufferWriter<byte>();
        AgentViewXml.EncodeDelete(Network.Key, buffer);
        var keys = new List<AgentViewKey>();

        Assert.That(Text(buffer), Is.EqualTo("<node type=\"virtual-network\"><name>default-domain:acme:red</name></node>"));
        Assert.That(SchemaErrors(Text(buffer)), Is.Empty);
        Assert.That(AgentViewXml.TryDecodeDelete(buffer.WrittenSpan, keys, out _), Is.True);
        Assert.That(keys, Is.EqualTo(new[] { Network.Key }));
    }

    [TestCase("<other/>", "other")]
    [TestCase("<node><name>x</name></node>", "type")]
    [TestCase("<node type=\"port\"><name/></node>", "name")]
    [TestCase("<node type=\"security-group\"><name>g</name><id>-1</id></node>", "id")]
    [TestCase("<node type=\"security-group\"><name>g</name><id>4294967296</id></node>", "id")]
    [TestCase("<node type=\"global-vrouter-config\"><name>mine</name><autonomous-system>1</autonomous-system></node>", "global")]
    [TestCase("<!DOCTYPE x [<!ENTITY e \"e\">]><node type=\"port\"><name>&e;</name></node>", "XML")]
    public void Bad_input_is_an_error_that_names_the_fault(string xml, string fault)
    {
        Assert.That(Decode(xml, out var error), Is.Empty);
        Assert.That(error, Does.Contain(fault));
    }

    [Test]
    public void One_bad_node_spoils_the_fragment_so_that_no_half_of_it_is_applied()
    {
        Assert.That(Decode(GlobalXml + GroupXml.Replace("ingress", "sideways", StringComparison.Ordinal), out var error), Is.Empty);
        Assert.That(error, Does.Contain("direction"));
    }

    [Test]
    public void A_fragment_above_the_limit_is_refused()
    {
        var huge = new byte[AgentViewXml.MaxFragmentBytes + 1];
        Array.Fill(huge, (byte)' ');

        Assert.That(AgentViewXml.TryDecodeUpdate(huge, [], out var error), Is.False);
        Assert.That(error, Does.Contain("at most"));
    }

    [TestCase("a<b>&\"\r\n\tc")]
    [TestCase("grüße 😀 漢")]
    public void Any_display_name_survives(string displayName)
    {
        var port = Port with { DisplayName = displayName };

        Assert.That(Decode(Encode(port), out _), Is.EqualTo(new[] { port }));
    }

    [Test]
    public void A_character_that_XML_cannot_carry_is_replaced()
    {
        var port = Port with { DisplayName = "a\u0000b\uD800c" };

        Assert.That(Decode(Encode(port), out _), Is.EqualTo(new[] { Port with { DisplayName = "a\uFFFDb\uFFFDc" } }));
    }

    private static string Encode(AgentViewObject value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        AgentViewXml.Encode(value, buffer);
        return Text(buffer);
    }

    private static string Text(ArrayBufferWriter<byte> buffer) => Encoding.UTF8.GetString(buffer.WrittenSpan);

    private static List<AgentViewObject> Decode(string xml, out string? error)
    {
        var objects = new List<AgentViewObject>();
        AgentViewXml.TryDecodeUpdate(Encoding.UTF8.GetBytes(xml), objects, out error);
        return objects;
    }

    private static List<string> SchemaErrors(string xml)
    {
        var errors = new List<string>();
        var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema };
        settings.Schemas.Add(null, Path.Combine(TestContext.CurrentContext.TestDirectory, "agent-view.xsd"));
        settings.ValidationFlags |= XmlSchemaValidationFlags.ReportValidationWarnings;
        settings.ValidationEventHandler += (_, problem) => errors.Add(problem.Message);
        using var reader = XmlReader.Create(new StringReader(xml), settings);
        while (reader.Read()) { }

        return errors;
    }
}
