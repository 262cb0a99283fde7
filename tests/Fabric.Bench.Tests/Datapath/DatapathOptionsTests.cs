using Fabric.Bench.Datapath;
using Fabric.Bench.Datapath.Report;

namespace Fabric.Bench.Tests.Datapath;

[TestFixture]
public sealed class DatapathOptionsTests
{
    [Test]
    public void By_default_everybody_does_everything()
    {
        var options = DatapathOptions.Parse([]);
        Assert.That(options.Contenders.Select(contender => contender.Name), Is.EqualTo(Contender.Peers.Concat(Contender.Ours)));
        Assert.That(options.Works, Has.Count.EqualTo(16));
    }

    [Test]
    public void Every_work_has_a_goal() =>
        Assert.That(DatapathOptions.Parse([]).Works.Where(work => Goals.Of(work.Name).Count == 0), Is.Empty);

    [Test]
    public void A_quick_run_is_a_small_one_in_which_each_part_can_be_chosen()
    {
        var options = DatapathOptions.Parse(["--quick", "--peers", "none", "--work", "noisy"]);
        Assert.That(options.Contenders.Select(contender => contender.Name), Is.EqualTo([Contender.OursGre]));
        Assert.That(options.Works.Select(work => work.Name), Is.EqualTo(["noisy"]));
        Assert.That((options.Rounds, options.Time), Is.EqualTo((2, TimeSpan.FromSeconds(1))));
    }

    [TestCase("tcp4", 15, 1)]
    [TestCase("udp60", 5, 3)]
    public void Throughput_of_tcp_is_measured_by_the_second(string work, int rounds, int seconds)
    {
        var options = DatapathOptions.Parse(["--work", work]);
        Assert.That(options.Works[0].RoundsIn(options.Rounds, options.Time), Is.EqualTo((rounds, TimeSpan.FromSeconds(seconds))));
    }

    [TestCase("--peers", "bird")]
    [TestCase("--work", "tcp9")]
    [TestCase("--rounds", "0")]
    [TestCase("--seconds", "-1")]
    [TestCase("--colour", "red")]
    public void What_makes_no_sense_is_refused(string name, string value) =>
        Assert.That(() => DatapathOptions.Parse([name, value]), Throws.TypeOf<BenchException>());
}
