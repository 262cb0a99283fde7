using System.Net;
using Fabric.Hosting.Configuration;
using Fabric.Primitives;

namespace Fabric.FlowExport.Tests;

[TestFixture]
public sealed class FlowExportOptionsFileTests
{
    private static readonly IpAddress Host = IpAddress.Parse("192.0.2.11");

    [Test]
    public void Without_a_section_nothing_is_exported() => Assert.That(Read("node: host1"), Is.Null);

    [Test]
    public void A_collector_is_all_that_has_to_be_said()
    {
        var options = Read("export: {ipfix: {collectors: 192.0.2.9:4739}, sflow: {collectors: 192.0.2.9:6343}}")!;

        Assert.That(options.Ipfix!.Collectors, Is.EqualTo(new[] { IPEndPoint.Parse("192.0.2.9:4739") }));
        Assert.That(
            (options.Ipfix.Domain, options.Ipfix.TemplateRefresh, options.Ipfix.MaxDatagram),
            Is.EqualTo((0u, TimeSpan.FromMinutes(1), 1400))
        );
        Assert.That((options.Sflow!.Agent, options.Sflow.MaxDatagram), Is.EqualTo((Host, 1400)));
    }

    [Test]
    public void Everything_can_be_said()
    {
        var options = Read(
            """
            export:
              ipfix: {collectors: [192.0.2.9:4739, "[2001:db8::9]:4739"], domain: 7, biflow: true, template-seconds: 20, max-datagram: 8000}
              sflow: {collectors: [192.0.2.9:6343], agent: 2001:db8::11, max-datagram: 1232}
            """
        )!;

        Assert.That((options.Ipfix!.Collectors.Count, options.Ipfix.IsBiflow), Is.EqualTo((2, true)));
        Assert.That(
            (options.Ipfix.Domain, options.Ipfix.TemplateRefresh, options.Ipfix.MaxDatagram),
            Is.EqualTo((7u, TimeSpan.FromSeconds(20), 8000))
        );
        Assert.That((options.Sflow!.Agent, options.Sflow.MaxDatagram), Is.EqualTo((IpAddress.Parse("2001:db8::11"), 1232)));
    }

    [TestCase("{}", "expected 'ipfix', 'sflow', or both")]
    [TestCase("{ipfix: {domain: 1}}", "'export.ipfix.collectors': expected a list of 1 to 8")]
    [TestCase("{ipfix: {collectors: [192.0.2.9]}}", "ADDRESS:PORT")]
    [TestCase("{ipfix: {collectors: [192.0.2.9:1, 192.0.2.9:1]}}", "listed twice")]
    [TestCase("{ipfix: {collectors: [192.0.2.9:1], biflow: both}}", "true or false")]
    [TestCase("{sflow: {collectors: [192.0.2.9:1], max-datagram: 500}}", "a number from 1232 to 65507")]
    [TestCase("{sflow: {collectors: [192.0.2.9:1], domain: 1}}", "'export.sflow.domain' is not known")]
    public void A_fault_is_named_with_its_place(string section, string expected) =>
        Assert.That(() => Read($"export: {section}"), Throws.TypeOf<OptionsException>().With.Message.Contains(expected));

    private static FlowExportOptions? Read(string text)
    {
        var file = OptionsFile.Parse($"{text}\n", "agent.yaml");
        file.Optional("node", (string value, out string node) => (node = value).Length > 0, "a name", "");
        var options = file.ReadFlowExport(Host);
        file.Finish();
        return options;
    }
}
