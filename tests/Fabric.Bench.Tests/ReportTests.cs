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

    [TestCase("1x")]
    [TestCase("0x1")]
    [TestCase("label")]
    public void A_work_that_makes_no_sense_is_refused(string name) => Assert.That(() => Work.Parse(name), Throws.TypeOf<BenchException>());
}
