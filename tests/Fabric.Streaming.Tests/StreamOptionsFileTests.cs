using Fabric.Analytics;
using Fabric.Hosting.Configuration;
using Fabric.Streaming.Journal;

namespace Fabric.Streaming.Tests;

[TestFixture]
public sealed class StreamOptionsFileTests
{
    [Test]
    public void Without_a_section_there_is_a_journal_in_the_state_directory()
    {
        var options = Read("node: host1");
        Assert.That(
            (options.Folder, options.Kafka, options.IsProtobuf),
            Is.EqualTo(("/var/lib/fabric/host1/stream", (object?)null, false))
        );
        Assert.That(options.LimitsOf(Topic.Audit).IsSynchronous, Is.True);
        Assert.That(options.LimitsOf(Topic.Flows).IsSynchronous, Is.False);
    }

    [Test]
    public void Everything_can_be_said()
    {
        var options = Read(
            """
            node: host1
            stream:
              folder: /srv/stream
              format: protobuf
              followers: 4
              topics:
                flows: {max-mebibytes: 4096, max-age-hours: 48}
              kafka:
                servers: [kafka1.example:9092, "[2001:db8::1]:9092"]
                compression: zstd
                max-rate: 5000
                settings: {security.protocol: SSL}
            """
        );
        Assert.That((options.Folder, options.IsProtobuf, options.MaxFollowers), Is.EqualTo(("/srv/stream", true, 4)));
        Assert.That(options.LimitsOf(Topic.Flows), Is.EqualTo(new JournalLimits(4L << 30, TimeSpan.FromHours(48), IsSynchronous: false)));
        Assert.That(options.Kafka!.Servers, Is.EqualTo(new[] { "kafka1.example:9092", "[2001:db8::1]:9092" }));
        Assert.That((options.Kafka.Compression, options.Kafka.MaxRate), Is.EqualTo(("zstd", 5000)));
        Assert.That(options.Kafka.Settings["security.protocol"], Is.EqualTo("SSL"));
    }

    [TestCase("format: xml", "stream.format")]
    [TestCase("followers: 0", "stream.followers")]
    [TestCase("topics: {flow: {max-mebibytes: 64}}", "did you mean 'flows'?")]
    [TestCase("topics: {flows: {max-mebibytes: 7}}", "expected 8 or more")]
    [TestCase("kafka: {compression: lz4}", "stream.kafka.servers")]
    [TestCase("kafka: {servers: [kafka1]}", "HOST:PORT")]
    [TestCase("kafka: {servers: [k:1], compression: rar}", "one of none, gzip, snappy, lz4, zstd")]
    [TestCase("kafka: {servers: [k:1], rate: 5}", "'stream.kafka.rate' is not known")]
    public void A_fault_is_named_with_its_place(string section, string expected) =>
        Assert.That(() => Read($"node: host1\nstream:\n  {section}\n"), Throws.TypeOf<OptionsException>().With.Message.Contains(expected));

    [TestCase("", ExpectedResult = PublishedRoutes.All)]
    [TestCase("stream: {routes: all}", ExpectedResult = PublishedRoutes.All)]
    [TestCase("stream: {routes: best}", ExpectedResult = PublishedRoutes.Best)]
    [TestCase("stream: {routes: off}", ExpectedResult = PublishedRoutes.Off)]
    public PublishedRoutes A_control_node_says_which_routes_become_rows(string section) =>
        Read($"node: control1\n{section}", SourceKind.ControlNode).Routes;

    [TestCase(SourceKind.ControlNode, "routes: some", "'some' is not all, best or off")]
    [TestCase(SourceKind.HostAgent, "routes: all", "'stream.routes' is not known")]
    public void Other_words_and_other_programs_are_refused(SourceKind kind, string section, string expected) =>
        Assert.That(
            () => Read($"node: host1\nstream: {{{section}}}", kind),
            Throws.TypeOf<OptionsException>().With.Message.Contains(expected)
        );

    private static StreamOptions Read(string text, SourceKind kind = SourceKind.HostAgent)
    {
        var file = OptionsFile.Parse(text, "agent.yaml");
        var node = file.NodeName();
        var options = file.ReadStream(node, kind, file.StateDirectory(node));
        file.Finish();
        return options;
    }
}
