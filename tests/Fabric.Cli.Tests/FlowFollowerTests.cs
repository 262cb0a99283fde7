using System.Text.Json;
using Fabric.Cli.Output;

namespace Fabric.Cli.Tests;

public sealed class FlowFollowerTests
{
    [Test]
    public void A_flow_is_news_once_and_again_with_another_verdict()
    {
        var follower = new FlowFollower();
        var forwarded = Flow("""{"index":1,"source":"10.1.0.3","action":"forward","packets":1}""");
        var counted = Flow("""{"index":1,"source":"10.1.0.3","action":"forward","packets":9}""");
        var dropped = Flow("""{"index":1,"source":"10.1.0.3","action":"drop","packets":9}""");

        Assert.That(follower.News([forwarded]), Has.Count.EqualTo(1));
        Assert.That(follower.News([counted]), Is.Empty);
        Assert.That(follower.News([dropped]), Has.Count.EqualTo(1));
    }

    [Test]
    public void A_flow_that_comes_back_is_news()
    {
        var follower = new FlowFollower();
        var flow = Flow("""{"index":1,"source":"10.1.0.3","action":"forward"}""");

        follower.News([flow]);
        follower.News([]);

        Assert.That(follower.News([flow]), Has.Count.EqualTo(1));
    }

    private static JsonElement Flow(string json) => JsonDocument.Parse(json).RootElement;
}
