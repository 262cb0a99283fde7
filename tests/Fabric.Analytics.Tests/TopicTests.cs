using System.Text.Json;

namespace Fabric.Analytics.Tests;

[TestFixture]
public sealed class TopicTests
{
    [Test]
    public void The_file_of_topics_and_the_code_name_the_same_ones_with_the_same_messages()
    {
        using var resource = typeof(Topic).Assembly.GetManifestResourceStream("topics.json")!;
        using var file = JsonDocument.Parse(resource);
        var defined = file
            .RootElement.GetProperty("topics")
            .EnumerateArray()
            .Select(topic => (topic.GetProperty("name").GetString(), topic.GetProperty("message").GetString()));
        Assert.That(Topic.All.Select(topic => (topic.Name, topic.Message.Name)), Is.EqualTo(defined));
    }

    [Test]
    public void A_topic_knows_its_place() => Assert.That(Topic.All.Select(topic => topic.Index), Is.EqualTo(Enumerable.Range(0, 7)));

    [Test]
    public void Each_message_says_which_topic_it_belongs_to()
    {
        foreach (var topic in Topic.All)
        {
            Assert.That(((IStreamEvent)topic.Parser.ParseFrom([])).Topic, Is.SameAs(topic));
        }
    }

    [TestCase("flows")]
    [TestCase("fabric.flows")]
    public void A_topic_is_found_by_its_name(string name) => Assert.That(Topic.Find(name), Is.SameAs(Topic.Flows));

    [Test]
    public void Only_the_state_of_objects_is_compacted() =>
        Assert.That(Topic.All.Where(topic => topic.Config["cleanup.policy"] == "compact"), Is.EqualTo(new[] { Topic.Objects }));

    [Test]
    public void An_object_is_keyed_by_its_identity_and_its_deletion_is_the_last_row()
    {
        var deleted = new ObjectState
        {
            Kind = "port",
            Project = "acme",
            Name = "vm1",
            Deleted = true,
        };
        Assert.That((deleted.Key, deleted.IsLastOfKey), Is.EqualTo(("port/acme/vm1", true)));
    }
}
