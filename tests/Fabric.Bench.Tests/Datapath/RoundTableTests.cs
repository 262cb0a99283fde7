using Fabric.Bench.Datapath;
using Fabric.Bench.Datapath.Report;
using Fabric.Bench.Datapath.Works;

namespace Fabric.Bench.Tests.Datapath;

[TestFixture]
public sealed class RoundTableTests
{
    [TestCase(new double[] { 3, 1, 2 }, 2, 1, 3)]
    [TestCase(new double[] { 9, 1, 4, 2 }, 3, 2, 4)]
    [TestCase(new double[] { 5, 1, 2, 3, 100 }, 3, 2, 5)]
    public void The_interval_is_the_middle_half_of_the_rounds_and_all_of_few(double[] rounds, double median, double low, double high) =>
        Assert.That(Spread.Of(rounds), Is.EqualTo(new Spread(median, low, high)));

    [Test]
    public void Nothing_has_no_middle() => Assert.That(Spread.Of([]), Is.Null);

    [Test]
    public void Rates_of_the_same_round_are_compared_and_a_round_that_one_of_them_lacks_is_left_out()
    {
        var rounds = Table((Contender.OursGre, [10, 40, 7]), (Contender.Routing, [10, 20]));
        Assert.That(rounds.Ratio(Contender.OursGre, Contender.Routing, Measure.Throughput), Is.EqualTo(new Spread(1.5, 1, 2)));
    }

    // Ratios 0.80, 0.90, 1.00, 1.06, 1.30: the interval is from 0.90 to 1.06.
    [TestCase(0.95, true)]
    [TestCase(1.05, true)]
    [TestCase(1.2, false)]
    public void A_goal_is_met_when_the_interval_of_the_ratio_reaches_it(double least, bool isMet)
    {
        var rounds = Table((Contender.OursGre, [80, 90, 100, 106, 130]), (Contender.Routing, [100, 100, 100, 100, 100]));
        var goal = new Goal(Contender.OursGre, Measure.Throughput, least, Contender.Routing);
        Assert.That(goal.IsMet(rounds), Is.EqualTo(isMet));
    }

    [TestCase(0.85, false)]
    [TestCase(0.9, true)]
    public void Where_less_is_better_the_lower_end_reaches_it(double most, bool isMet)
    {
        var rounds = new RoundTable();
        foreach (var (round, value) in new[] { 80.0, 90, 100, 106, 130 }.Index())
        {
            rounds.Add(Contender.OursGre, round, new Dictionary<Measure, double> { [Measure.Median] = value });
            rounds.Add(Contender.Routing, round, new Dictionary<Measure, double> { [Measure.Median] = 100 });
        }

        Assert.That(new Goal(Contender.OursGre, Measure.Median, most, Contender.Routing).IsMet(rounds), Is.EqualTo(isMet));
    }

    [Test]
    public void Without_the_peer_nothing_is_judged() =>
        Assert.That(new Goal(Contender.OursGre, Measure.Throughput, 1, Contender.Routing).IsMet(Table((Contender.OursGre, [1]))), Is.Null);

    [Test]
    public void A_row_has_the_keys_that_readers_rely_on()
    {
        var rounds = Table((Contender.OursUdp, [18]), (Contender.Routing, [20]), (Contender.Vxlan, [9]));
        Assert.That(
            Rows.Of("tcp1", rounds).Select(row => row.ToJson()),
            Is.EqualTo([
                """{"work":"tcp1","metric":"throughput, Gbit/s, ours-udp","ours":18,"peers":{"routing":20,"vxlan":9},"best_peer":"routing","ratio":0.9,"goal":">= 0.8 x routing","met":true}""",
                """{"work":"tcp1","metric":"throughput, Gbit/s, ours-udp","ours":18,"peers":{"routing":20,"vxlan":9},"best_peer":"routing","ratio":0.9,"goal":">= 1 x routing (stretch)","met":false}""",
            ])
        );
    }

    [Test]
    public void What_has_no_goal_is_told_beside_the_best_peer()
    {
        var row = Rows.Of("other", Table((Contender.OursGre, [18]), (Contender.Vxlan, [9]), (Contender.Ovs, [1]))).Single();
        Assert.That((row.BestPeer, row.Ratio, row.Goal, row.Met), Is.EqualTo((Contender.Vxlan, 2.0, (string?)null, (bool?)null)));
    }

    private static RoundTable Table(params (string Contender, double[] Values)[] columns)
    {
        var rounds = new RoundTable();
        foreach (var (contender, values) in columns)
        {
            foreach (var (round, value) in values.Index())
            {
                rounds.Add(contender, round, new Dictionary<Measure, double> { [Measure.Throughput] = value });
            }
        }

        return rounds;
    }
}
