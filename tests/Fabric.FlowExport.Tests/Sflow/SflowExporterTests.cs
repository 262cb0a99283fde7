using System.Net;
using Fabric.FlowExport.Sflow;

namespace Fabric.FlowExport.Tests.Sflow;

/// <summary>sFlow datagrams as tshark reads them.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public sealed class SflowExporterTests
{
    [Test]
    public void A_datagram_names_its_agent_and_its_time()
    {
        string[] expected =
        [
            "version=5",
            "agenttype=1",
            "agent=192.0.2.11",
            "sub_agent_id=0",
            "sequence_number=1",
            "sysuptime=10000",
            "numsamples=1",
        ];
        Assert.That(Read(Rows.Denied)[..7], Is.EqualTo(expected));
    }

    [Test]
    public void A_sample_has_the_rate_that_makes_it_stand_for_all_packets()
    {
        // 3 packets of 60 octets; and 3001 octets in 2 packets: one of 1500, one of 1501.
        var fields = Read(Rows.Web);

        Assert.That(Values(fields, "flow_sample.sampling_rate"), Is.EqualTo(new[] { "3", "1", "1" }));
        Assert.That(Values(fields, "ip.length"), Is.EqualTo(new[] { "60", "1500", "1501" }));
        Assert.That(Values(fields, "flow_sample.sample_pool"), Is.EqualTo(new[] { "3", "4", "5" }));
        Assert.That(Values(fields, "flow_sample.sequence_number"), Is.EqualTo(new[] { "1", "2", "3" }));
    }

    [Test]
    public void A_sample_says_what_is_known_of_the_packets()
    {
        string[] expected =
        [
            "flow_record_format=3",
            "ip.length=60",
            "ip_protocol=6",
            "ipv4_src=10.1.0.10",
            "ipv4_dst=10.1.0.11",
            "ip.source_port=40000",
            "ip.destination_port=443",
        ];
        Assert.That(Read(Rows.Web), Is.SupersetOf(expected));
    }

    [Test]
    public void The_header_that_goes_with_it_says_the_same()
    {
        string[] expected =
        [
            "flow_record_format=1",
            "header_protocol=11",
            "header.frame_length=60",
            "ip.len=60",
            "ip.ttl=0",
            "ip.src=10.1.0.10",
            "ip.dst=10.1.0.11",
            "tcp.srcport=40001",
            "tcp.dstport=22",
            "tcp.hdr_len=20",
            "tcp.flags=0x0000",
        ];
        Assert.That(Read(Rows.Denied), Is.SupersetOf(expected));
    }

    [Test]
    public void A_session_of_ipv6_has_its_addresses_twice()
    {
        string[] expected =
        [
            "flow_record_format=4",
            "ipv6_src=2001:db8::10",
            "ipv6_dst=2001:db8::53",
            "header_protocol=12",
            "ipv6.plen=20",
            "ipv6.src=2001:db8::10",
            "ipv6.dst=2001:db8::53",
            "udp.srcport=5000",
            "udp.dstport=53",
            "udp.length=20",
        ];
        Assert.That(Read(Rows.Ipv6), Is.SupersetOf(expected));
    }

    [Test]
    public void A_ping_has_its_type_and_its_answer()
    {
        var fields = Read(Rows.Ping);

        Assert.That(Values(fields, "icmp.type"), Is.EqualTo(new[] { "8", "0" }));
        Assert.That(Values(fields, "icmp.ident"), Has.Member("77"));
    }

    [Test]
    public void A_denied_packet_goes_out_of_no_interface()
    {
        string[] discardedByAccessList = ["flow_sample.output_interface_format=1", "flow_sample.output_interface_value=258"];
        Assert.That(Read(Rows.Denied), Is.SupersetOf(discardedByAccessList));
    }

    [Test]
    public void More_octets_than_32_bits_can_say_are_several_samples()
    {
        // 10 gigaoctets in packets of 1000.
        var fields = Read(Rows.Denied with { SentPackets = 10_000_000, SentBytes = 10_000_000_000 });

        var rates = Values(fields, "flow_sample.sampling_rate").Select(long.Parse).ToArray();
        Assert.That(rates, Is.EqualTo(new[] { 4_294_967L, 4_294_967, 1_410_066 }));
    }

    [Test]
    public void An_agent_may_have_an_address_of_ipv6()
    {
        var sent = new List<byte[]>();
        var agent = Primitives.IpAddress.From(IPAddress.Parse("2001:db8::11"));
        var exporter = new SflowExporter(new SflowOptions([], agent), Rows.Begun, datagram => sent.Add(datagram.ToArray()));
        var row = Rows.Web;
        exporter.Add(new Biflow(in row, new UnreportedCounts(Rows.Begun, 1, 40, 0, 0), Rows.Begun), Rows.Begun);
        exporter.Flush(Rows.Begun);

        Assert.That(Short(Tshark.Sflow(sent)), Is.SupersetOf(new[] { "agenttype=2", "agent.v6=2001:db8::11", "numsamples=1" }));
    }

    private static List<string> Read(Analytics.FlowRow row) => Short(Tshark.Sflow(Datagrams.Sflow(row)));

    // tshark has three names in front of fields of the same protocol.
    private static List<string> Short(IEnumerable<string> fields) =>
        [
            .. fields.Select(field =>
                field
                    .Replace("sflow_245.", "", StringComparison.Ordinal)
                    .Replace("sflow_5.", "", StringComparison.Ordinal)
                    .Replace("sflow.", "", StringComparison.Ordinal)
            ),
        ];

    private static string[] Values(IEnumerable<string> fields, string name) =>
        [.. fields.Where(field => field.StartsWith($"{name}=", StringComparison.Ordinal)).Select(field => field[(name.Length + 1)..])];
}
