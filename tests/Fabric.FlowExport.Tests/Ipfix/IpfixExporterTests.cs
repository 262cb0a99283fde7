using Fabric.Analytics;
using Fabric.FlowExport.Ipfix;
using Fabric.Primitives;

namespace Fabric.FlowExport.Tests.Ipfix;

/// <summary>IPFIX messages as tshark reads them.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public sealed class IpfixExporterTests
{
    [Test]
    public void A_session_is_a_flow_record_for_each_way()
    {
        var flows = Tshark.IpfixFlows(Datagrams.Ipfix(Rows.Web));

        string[] sent =
        [
            "timedelta=4.000000000",
            "abstimestart=Nov 24, 2025 16:00:01.000000000 UTC",
            "abstimeend=Nov 24, 2025 16:00:05.000000000 UTC",
            "srcaddr=10.1.0.10",
            "dstaddr=10.1.0.11",
            "srcmask=32",
            "dstmask=32",
            "protocol=6",
            "srcport=40000",
            "dstport=443",
            "octets=180",
            "packets=3",
            "flows=1",
            "flow_id=7",
            "flow_end_reason=3",
            "biflow_direction=1",
            "firewall_event=2",
            "forwarding_status=1",
            "forwarding_status_forward_code=0",
            "vrfname=acme:red:red",
            "string_len_short=12",
            "virtual_station_name=vm1",
            "string_len_short=3",
            "virtual_station_name=vm2",
            "string_len_short=3",
        ];
        string[] received =
        [
            "srcaddr=10.1.0.11",
            "dstaddr=10.1.0.10",
            "srcport=443",
            "dstport=40000",
            "octets=3001",
            "packets=2",
            "biflow_direction=2",
        ];
        Assert.That(flows, Has.Count.EqualTo(2));
        Assert.That(flows[0], Is.EqualTo(sent));
        Assert.That(flows[1], Is.SupersetOf(received));
    }

    [Test]
    public void Where_collectors_know_biflows_a_session_is_one_record()
    {
        var flow = Tshark.IpfixFlows(Datagrams.Biflow(Rows.Web)).Single();

        Assert.That(
            flow,
            Is.SupersetOf(new[] { "srcport=40000", "octets=180", "packets=3", "octets=3001", "packets=2", "biflow_direction=1" })
        );
    }

    [Test]
    public void A_denied_session_says_that_an_access_list_dropped_it()
    {
        var flow = Tshark.IpfixFlows(Datagrams.Ipfix(Rows.Denied)).Single();

        string[] expected = ["packets=1", "firewall_event=3", "forwarding_status=2", "forwarding_status_drop_code=1"];
        Assert.That(flow, Is.SupersetOf(expected));
    }

    [Test]
    public void An_icmp_session_has_a_type_in_place_of_ports()
    {
        var flows = Tshark.IpfixFlows(Datagrams.Ipfix(Rows.Ping));

        Assert.That(
            flows.Select(flow => flow.Single(field => field.StartsWith("icmp", StringComparison.Ordinal))),
            Is.EqualTo(new[] { "icmp_type_code_ipv4=0x0800", "icmp_type_code_ipv4=0x0000" })
        );
        Assert.That(flows[0], Has.None.StartsWith("srcport"));
    }

    [Test]
    public void A_session_of_ipv6_has_its_addresses()
    {
        var flow = Tshark.IpfixFlows(Datagrams.Ipfix(Rows.Ipv6))[0];

        string[] expected =
        [
            "srcaddrv6=2001:db8::10",
            "dstaddrv6=2001:db8::53",
            "srcmaskv6=128",
            "dstmaskv6=128",
            "protocol=17",
            "dstport=53",
        ];
        Assert.That(flow, Is.SupersetOf(expected));
    }

    [Test]
    public void A_translated_session_has_the_addresses_after_the_translation()
    {
        var row = Rows.Web with { TranslatedInitiator = IpAddress.Parse("198.51.100.1"), TranslatedInitiatorPort = 61000 };

        var flows = Tshark.IpfixFlows(Datagrams.Ipfix(row));

        string[] sent =
        [
            "post_natsource_ipv4_address=198.51.100.1",
            "post_natdestination_ipv4_address=10.1.0.11",
            "post_naptsource_transport_port=61000",
            "post_naptdestination_transport_port=443",
        ];
        Assert.That(flows[0], Is.SupersetOf(sent));
        Assert.That(flows[1], Has.Member("post_natdestination_ipv4_address=198.51.100.1"));
    }

    [Test]
    public void A_summary_says_how_many_sessions_are_summed_up_and_has_the_length_of_its_block()
    {
        var row = Rows.Web with
        {
            Event = FlowEvent.Summary,
            Session = 0,
            Sessions = 250,
            Initiator = new FlowRowEndpoint(IpAddress.Parse("10.1.0.0"), 0, null, null) { PrefixLength = 24 },
        };

        var flow = Tshark.IpfixFlows(Datagrams.Ipfix(row))[0];

        Assert.That(flow, Is.SupersetOf(new[] { "srcaddr=10.1.0.0", "srcmask=24", "flows=250", "packets=3" }));
    }

    [Test]
    public void A_row_that_stands_for_others_counts_as_many_times()
    {
        var flow = Tshark.IpfixFlows(Datagrams.Ipfix(Rows.Web with { Sampling = 10 }))[0];

        Assert.That(flow, Is.SupersetOf(new[] { "octets=1800", "packets=30", "flows=10" }));
    }

    [Test]
    public void Messages_are_numbered_by_the_data_records_before_them()
    {
        var messages = Datagrams.Ipfix([.. Enumerable.Range(1, 20).Select(session => Rows.Web with { Session = (ulong)session })]);

        var reader = new IpfixReader();
        var before = new List<string>();
        foreach (var message in messages)
        {
            before.Add($"{reader.Records}");
            reader.Read(message);
        }

        Assert.That(Values(Tshark.Ipfix(messages), "sequence"), Is.EqualTo(before));
        Assert.That(Tshark.IpfixFlows(messages), Has.Count.EqualTo(40));
        Assert.That(messages.Select(message => message.Length), Has.All.LessThanOrEqualTo(Datagrams.Limit));
    }

    [Test]
    public void Templates_of_biflows_have_identifiers_of_their_own()
    {
        var fields = Tshark.Ipfix(Datagrams.Biflow(Rows.Web));

        Assert.That(Values(fields, "template_id"), Is.EqualTo(Enumerable.Range(264, 8).Select(id => $"{id}")));
        Assert.That(fields, Has.Member("template_ipfix_field_pen=29305"));
    }

    [Test]
    public void Templates_come_first_and_again_at_intervals()
    {
        var sent = new List<byte[]>();
        var exporter = new IpfixExporter(
            new IpfixOptions([]) { TemplateRefresh = TimeSpan.FromSeconds(60) },
            datagram => sent.Add(datagram.ToArray())
        );

        for (var second = 0; second <= 120; second++)
        {
            exporter.Maintain(Rows.Begun + second * Rows.Second);
        }

        Assert.That(Values(Tshark.Ipfix(sent), "exporttime"), Is.EqualTo(new[] { "1764000000", "1764000060", "1764000120" }));
        Assert.That(Values(Tshark.Ipfix(sent[..1]), "template_id"), Is.EqualTo(Enumerable.Range(256, 8).Select(id => $"{id}")));
        Assert.That(sent[0], Has.Length.LessThanOrEqualTo(IpfixExporter.MinDatagram));
    }

    [Test]
    public void Templates_come_at_the_same_intervals_when_the_clock_is_set_back()
    {
        var sent = 0;
        var exporter = new IpfixExporter(new IpfixOptions([]) { TemplateRefresh = TimeSpan.FromSeconds(60) }, _ => sent++);
        exporter.Maintain(Rows.Begun);
        exporter.Shift(-3600 * Rows.Second);

        exporter.Maintain(Rows.Begun - 3541 * Rows.Second);
        Assert.That(sent, Is.EqualTo(1));
        exporter.Maintain(Rows.Begun - 3540 * Rows.Second);
        Assert.That(sent, Is.EqualTo(2));
    }

    [Test]
    public void A_record_with_the_longest_names_fits_the_smallest_message()
    {
        var name = new string('é', 4000);
        var row = Rows.Ipv6 with
        {
            Vrf = name,
            Initiator = Rows.Ipv6.Initiator with { Machine = name },
            Responder = Rows.Ipv6.Responder with { Machine = name },
            TranslatedInitiator = Rows.Ipv6.Responder.Address,
        };

        var messages = Datagrams.Ipfix(row);

        Assert.That(messages.Select(message => message.Length), Has.All.LessThanOrEqualTo(IpfixExporter.MinDatagram));
        Assert.That(Tshark.IpfixFlows(messages)[0], Has.Member($"vrfname={new string('é', 125)}"));
    }

    private static string[] Values(IEnumerable<string> fields, string name) =>
        [.. fields.Where(field => field.StartsWith($"{name}=", StringComparison.Ordinal)).Select(field => field[(name.Length + 1)..])];
}
