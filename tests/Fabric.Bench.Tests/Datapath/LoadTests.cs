using Fabric.Bench.Datapath.Load;
using Fabric.Bench.Datapath.Machine;
using Fabric.Bench.Datapath.Testbeds;

namespace Fabric.Bench.Tests.Datapath;

[TestFixture]
public sealed class LoadTests
{
    // sizeof of sendmmsg(2)'s struct mmsghdr, struct sockaddr_in and struct sockaddr_ll, by a C compiler on x86-64.
    [Test]
    public unsafe void The_kernel_s_structures_have_their_size() =>
        Assert.That((sizeof(MessageSlot), sizeof(InternetAddress), sizeof(LinkAddress)), Is.EqualTo((64, 16, 20)));

    [Test]
    public void Latencies_are_told_by_nearest_rank()
    {
        var figures = LatencyFigures.Of([.. Enumerable.Range(1, 200).Reverse().Select(number => (double)number)], lost: 3);
        Assert.That(figures, Is.EqualTo(new LatencyFigures(Answered: 200, Lost: 3, Median: 100, Tail: 198)));
    }

    [Test]
    public void Without_an_answer_there_is_no_latency() => Assert.That(() => LatencyFigures.Of([], 5), Throws.TypeOf<BenchException>());

    [Test]
    public void Iperf_tells_what_was_received() =>
        Assert.That(
            Iperf.TryRead("""{"end":{"sum_sent":{"bytes":9},"sum_received":{"bytes":2e9,"bits_per_second":8e9}}}""", busySeconds: 3),
            Is.EqualTo((8.0, 1.5))
        );

    [TestCase("")]
    [TestCase("""{"start":{},"end":{},"error":"unable to connect to server"}""")]
    public void A_test_without_results_is_none(string output) => Assert.That(Iperf.TryRead(output, 1), Is.Null);

    [Test]
    public void Each_direction_has_half_of_the_rules_and_the_traffic_matches_the_last()
    {
        var rules = SecurityGroup.Rules(20);
        Assert.That(rules.Count(rule => rule.IsIngress), Is.EqualTo(10));
        Assert.That(rules.Index().Where(rule => rule.Item.Remote == Place.Network).Select(rule => rule.Index), Is.EqualTo([9, 19]));
    }

    [Test]
    public void Metrics_of_a_name_are_summed_whatever_their_labels()
    {
        var metrics = new DatapathMetrics(
            """
            fabric_dp_flows 12
            fabric_dp_flows_other 7
            fabric_dp_dropped_packets_total{reason="no-source-route"} 3
            fabric_dp_port_missed_packets_total{device="vm0",port="vif1"} 4
            process_runtime_dotnet_gc_collections_total{generation="2"} 1
            """
        );
        Assert.That((metrics.FlowEntries, metrics.Lost, metrics.FullCollections), Is.EqualTo((12, 7, 1)));
    }
}
