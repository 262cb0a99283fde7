namespace Fabric.Analytics.Tests;

[TestFixture]
public sealed class SchemaTests
{
    private static readonly string[] Baseline = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "schema.baseline"));

    [Test]
    public void Nothing_that_was_published_is_removed_renumbered_renamed_or_retyped() =>
        Assert.That(Baseline.Except(SchemaLines.Current), Is.Empty, "readers of the stream depend on these lines; add a new field instead");

    [Test]
    public void What_is_new_is_recorded() =>
        Assert.That(SchemaLines.Current.Except(Baseline), Is.Empty, "add these lines to schemas/analytics/schema.baseline");

    [TestCase("fabric.analytics.FlowRecord.rule = 13: string")]
    [TestCase("fabric.analytics.FlowAction.DENY = 2")]
    [TestCase("fabric.analytics.Envelope.sequence = 5: uint64")]
    [TestCase("fabric.analytics.RouteEvent.routeTargets = 16: repeated string")]
    [TestCase("topic fabric.audit: fabric.analytics.ApiChange")]
    public void A_line_has_name_number_and_type(string line) => Assert.That(SchemaLines.Current, Does.Contain(line));
}
