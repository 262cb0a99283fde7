using Fabric.Lab.Nodes;

namespace Fabric.Lab.Tests;

[TestFixture]
public sealed class KafkaClusterTests
{
    [Test]
    public void The_addresses_of_a_given_cluster_are_separated_by_commas() =>
        Assert.That(
            KafkaCluster.Parse("10.0.0.5:9092,10.0.0.6:9093").Select(server => server.ToString()),
            Is.EqualTo(new[] { "10.0.0.5:9092", "10.0.0.6:9093" })
        );

    [TestCase("kafka.example:9092", TestName = "A_name_is_refused_as_nodes_have_no_resolver")]
    [TestCase("10.0.0.5", TestName = "An_address_without_port_is_refused")]
    [TestCase("10.0.0.5:0", TestName = "Port_zero_is_refused")]
    [TestCase("[::1]:9094", TestName = "IPv6_which_nodes_have_not_is_refused")]
    [TestCase("127.0.0.1:9092", TestName = "The_address_of_the_agents_metrics_is_refused")]
    [TestCase("10.0.0.5:9092,", TestName = "An_empty_word_is_refused")]
    public void What_the_nodes_cannot_reach_is_refused(string servers) =>
        Assert.That(() => KafkaCluster.Parse(servers), Throws.TypeOf<LabException>().With.Message.Contains("--kafka"));
}
