using Fabric.Bench.Report;
using Fabric.Bench.Runs;

namespace Fabric.Bench.Tests;

[TestFixture]
public sealed class ReportTests
{
    private static readonly Dictionary<string, double> s_seconds = new(StringComparer.Ordinal)
    {
        ["ours"] = 0.75,
        ["bird"] = 3,
        ["frr"] = 1.5,
    };

    [Test]
    public void A_row_has_the_keys_that_readers_rely_on() =>
        Assert.That(
            ResultRow.Of(Work.Parse("1x1"), Metric.Converge, isJudged: true, s_seconds, "ours").ToJson(),
            Is.EqualTo(
                """{"work":"1x1","metric":"convergence, s","ours":0.75,"peers":{"bird":3,"frr":1.5},"best_peer":"frr","ratio":0.5,"goal":"<= 0.4 x bird","met":true}"""
            )
        );

    [TestCase("1x1", true)]
    [TestCase("1x20", false)]
    [TestCase("2x3", null)]
    public void Each_work_has_its_own_goal(string work, bool? met) =>
        Assert.That(ResultRow.Of(Work.Parse(work), Metric.Converge, isJudged: true, s_seconds, "ours").Met, Is.EqualTo(met));

    [Test]
    public void Another_size_is_not_judged() =>
        Assert.That(ResultRow.Of(Work.Parse("1x1"), Metric.Converge, isJudged: false, s_seconds, "ours").Met, Is.Null);

    [TestCase(new double[] { 1, 2, 9 }, 2)]
    [TestCase(new double[] { 1, 2, 4, 9 }, 3)]
    public void The_median_is_the_middle(double[] sorted, double middle) => Assert.That(Medians.Median(sorted), Is.EqualTo(middle));

    [TestCase(0.5, 50)]
    [TestCase(0.99, 99)]
    public void A_percentile_is_the_nearest_rank(double share, double value) =>
        Assert.That(ChangePhase.Percentile([.. Enumerable.Range(1, 100).Select(number => (double)number)], share), Is.EqualTo(value));

    [Test]
    public void Memory_is_judged_where_routes_are_reflected_and_not_where_they_are_imported()
    {
        bool? Met(string work) => ResultRow.Of(Work.Parse(work), Metric.BytesPerRoute, isJudged: true, s_seconds, "ours").Met;
        Assert.That((Met("1x1"), Met("agents")), Is.EqualTo(((bool?)true, (bool?)null)));
    }

    [Test]
    public void A_change_in_quiet_is_judged_by_BIRDs_where_all_are_side_by_side_too() =>
        Assert.That(
            ResultRow.Of(Work.Parse("quiet"), Metric.IdleMedian, isJudged: true, s_seconds, "ours"),
            Has.Property("Goal").EqualTo("<= 1 x bird").And.Property("Met").EqualTo(true)
        );

    [TestCase("1x1", 0, "<= 0", true)]
    [TestCase("1x1", 1, "<= 0", false)]
    [TestCase("agents", 1, null, null)]
    public void Full_collections_while_routes_are_loaded_are_judged_but_for_agents(string work, double ours, string? goal, bool? met)
    {
        var row = ResultRow.Of(
            Work.Parse(work),
            Metric.FullCollections,
            isJudged: true,
            new Dictionary<string, double> { ["ours"] = ours },
            "ours"
        );

        Assert.That((row.Metric, row.Ours, row.Goal, row.Met), Is.EqualTo(("gen2 collections", (double?)ours, goal, met)));
    }

    /// <summary>JSON has no number that is none (RFC 8259 section 6).</summary>
    [Test]
    public void A_value_without_an_end_is_no_number_in_a_row_and_meets_no_goal()
    {
        var values = new Dictionary<string, double>
        {
            ["ours"] = double.PositiveInfinity,
            ["bird"] = 3,
            ["frr"] = double.PositiveInfinity,
        };

        var row = ResultRow.Of(Work.Parse("1x1"), Metric.LoadMedian, isJudged: true, values, "ours");

        Assert.That(
            row.ToJson(),
            Is.EqualTo(
                """{"work":"1x1","metric":"one change under load p50, ms","ours":null,"peers":{"bird":3},"best_peer":"bird","ratio":null,"goal":"<= 1 x bird","met":false}"""
            )
        );
    }

    [Test]
    public void Where_every_change_was_lost_the_percentile_has_no_end() =>
        Assert.That(ChangePhase.Percentile([], 0.5), Is.EqualTo(double.PositiveInfinity));

    [Test]
    public void What_was_lost_in_all_runs_is_said_in_the_table_and_among_the_goals()
    {
        var output = new StringWriter();
        var medians = new Dictionary<string, IReadOnlyDictionary<Metric, double>>
        {
            ["ours"] = new Dictionary<Metric, double> { [Metric.LoadTail] = double.PositiveInfinity },
        };

        TextReport.Print(output, Work.Parse("1x1"), 1000, medians);
        TextReport.PrintGoals(
            output,
            [ResultRow.Of(Work.Parse("1x1"), Metric.LoadTail, isJudged: true, Medians.Column(medians, Metric.LoadTail), "ours")]
        );

        Assert.That(output.ToString(), Does.Contain("ours").And.Contain("       lost").And.Match("p99, ms +lost .* NOT MET"));
    }

    [TestCase("1x")]
    [TestCase("0x1")]
    [TestCase("label")]
    public void A_work_that_makes_no_sense_is_refused(string name) => Assert.That(() => Work.Parse(name), Throws.TypeOf<BenchException>());
}
