using Fabric.Bench.Streaming;

namespace Fabric.Bench.Tests.Streaming;

[TestFixture]
public sealed class StreamOptionsTests
{
    [Test]
    public void All_works_run_three_times_unless_said_otherwise()
    {
        var options = StreamOptions.Parse([]);

        Assert.That(options.Works.Select(work => work.Name), Is.EqualTo(new[] { "journal", "kafka", "forwarding" }));
        Assert.That((options.Rounds, options.Time), Is.EqualTo((3, TimeSpan.FromSeconds(5))));
    }

    [Test]
    public void A_quick_run_is_one_short_round() =>
        Assert.That(
            StreamOptions.Parse(["--quick"]),
            Has.Property("Rounds").EqualTo(1).And.Property("Time").EqualTo(TimeSpan.FromSeconds(2))
        );

    [TestCase("--work", "disk")]
    [TestCase("--rounds", "0")]
    [TestCase("--peers", "bird")]
    [TestCase("--json")]
    public void What_is_not_understood_is_refused(params string[] words) =>
        Assert.That(() => StreamOptions.Parse(words), Throws.TypeOf<BenchException>());
}
