using Fabric.Bench.Streaming;

namespace Fabric.Bench.Tests.Streaming;

[TestFixture]
public sealed class StreamResultsTests
{
    private static readonly StreamMeasure s_rate = new("rows/s", "0", Goal: 200_000);

    [Test]
    public void The_median_of_the_rounds_is_judged()
    {
        var results = new StreamResults("journal");
        foreach (var rate in new[] { 150_000.0, 205_000, 210_000 })
        {
            results.Add(new Dictionary<StreamMeasure, double> { [s_rate] = rate });
        }

        var row = results.Rows().Single();

        Assert.That((row.Work, row.Ours, row.Goal, row.Met), Is.EqualTo(("journal", 205_000.0, ">= 200000", true)));
    }

    [Test]
    public void A_loss_of_one_round_is_none_that_others_make_good()
    {
        var results = new StreamResults("journal");
        foreach (var lost in new[] { 0.0, 0, 7 })
        {
            results.Add(new Dictionary<StreamMeasure, double> { [StreamMeasure.Lost] = lost });
        }

        Assert.That(results.Rows().Single().Met, Is.False);
    }

    [Test]
    public void What_has_no_goal_is_not_judged()
    {
        var results = new StreamResults("journal");
        results.Add(new Dictionary<StreamMeasure, double> { [StreamMeasure.AgentProcessor] = 0.7 });

        Assert.That(
            results.Rows().Single().ToJson(),
            Is.EqualTo(
                """{"work":"journal","metric":"fabric-agent, share of a core","ours":0.7,"peers":{},"best_peer":null,"ratio":null,"goal":null,"met":null}"""
            )
        );
    }
}
