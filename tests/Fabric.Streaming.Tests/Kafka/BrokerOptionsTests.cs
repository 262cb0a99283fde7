using Fabric.Broker;

namespace Fabric.Streaming.Tests.Kafka;

[TestFixture]
public sealed class BrokerOptionsTests
{
    [Test]
    public void A_cluster_at_a_port_can_be_reached_from_several_namespaces()
    {
        var options = BrokerOptions.Parse(["--port", "19092", "--namespace", "/run/netns/a", "--namespace", "/run/netns/b"]);

        Assert.That((options.Port, options.Servers), Is.EqualTo((19092, Array.Empty<System.Net.IPEndPoint>())));
        Assert.That(options.Namespaces, Is.EqualTo(new[] { "/run/netns/a", "/run/netns/b" }));
    }

    [Test]
    public void Servers_of_a_cluster_are_separated_by_commas() =>
        Assert.That(
            BrokerOptions.Parse(["--servers", "10.0.0.5:9092,10.0.0.6:9093"]).Servers.Select(server => server.ToString()),
            Is.EqualTo(new[] { "10.0.0.5:9092", "10.0.0.6:9093" })
        );

    [TestCase("--port", "65536", TestName = "A_port_is_a_number_below_65536")]
    [TestCase("--servers", "kafka:9092", TestName = "Servers_are_addresses")]
    [TestCase("--namespace", "/run/netns/a", TestName = "A_namespace_wants_an_address_that_is_known")]
    [TestCase("--servers", "10.0.0.5:9092", "--port", "19092", TestName = "A_cluster_that_is_there_has_its_own_ports")]
    [TestCase("--servers", "10.0.0.5:9092", "--topics", "topics.json", TestName = "A_cluster_that_is_there_has_its_own_topics")]
    public void What_does_not_go_together_is_refused(params string[] words) =>
        Assert.That(() => BrokerOptions.Parse(words), Throws.TypeOf<FormatException>());
}
