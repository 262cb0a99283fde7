using Fabric.Broker;

namespace Fabric.Streaming.Tests.Kafka;

[TestFixture]
public sealed class ControlLinesTests
{
    private readonly MockCluster _cluster = new();

    [OneTimeTearDown]
    public void Stop() => _cluster.Dispose();

    [TestCase("down")]
    [TestCase("up")]
    [TestCase("rtt 20")]
    [TestCase("errors 3 7")]
    public void A_fault_is_taken(string line) => Assert.That(new ControlLines(_cluster).Execute(line), Is.EqualTo("ok"));

    [TestCase("")]
    [TestCase("sideways")]
    [TestCase("rtt")]
    [TestCase("rtt soon")]
    [TestCase("errors -1 7")]
    [TestCase("errors 10001 7")]
    public void Anything_else_is_answered_by_what_is_known(string line) =>
        Assert.That(new ControlLines(_cluster).Execute(line), Does.StartWith("error: known are"));

    [Test]
    public void Topics_come_from_the_same_file_as_those_of_a_real_broker()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, """{"topics":[{"name":"fabric.flows","partitions":12}]}""");
        Assert.That(BrokerOptions.Parse(["--topics", file]).Topics(), Is.EqualTo(new[] { ("fabric.flows", 12) }));
        Assert.That(BrokerOptions.Parse(["--topics", file, "--partitions", "3"]).Topics(), Is.EqualTo(new[] { ("fabric.flows", 3) }));
        File.Delete(file);
    }

    [Test]
    public void A_word_that_is_not_known_is_refused() =>
        Assert.That(() => BrokerOptions.Parse(["--portfile", "x"]), Throws.TypeOf<FormatException>());
}
