namespace Fabric.Routing.Tests.Storage;

public sealed class RouteLogTests
{
    [Test]
    public void A_route_that_is_added_twice_is_taken_once()
    {
        var log = new RouteLog();
        log.Add(70);
        log.Add(70);

        Assert.That(TakeAll(log), Is.EqualTo([70]));
    }

    [Test]
    public void Routes_have_their_turns_round_and_round()
    {
        var log = new RouteLog();
        log.Add(500);
        Assert.That(log.Take(), Is.EqualTo(500));

        foreach (var route in (int[])[3, 499, 500, 501, 5_000_000])
        {
            log.Add(route);
        }

        Assert.That(TakeAll(log), Is.EqualTo([501, 5_000_000, 3, 499, 500]));
    }

    [Test]
    public void A_route_that_was_taken_can_be_added_again()
    {
        var log = new RouteLog();
        log.Add(63);
        log.Take();
        log.Add(63);
        log.Add(64);

        Assert.That(TakeAll(log), Is.EqualTo([64, 63]));
    }

    [Test]
    public void A_log_takes_over_what_another_one_has()
    {
        var (log, other) = (new RouteLog(), new RouteLog());
        foreach (var route in (int[])[1, 64, 70_000])
        {
            log.Add(route);
            other.Add(route + 1);
            other.Add(1);
        }

        log.TakeOver(other);

        Assert.That(other.Count, Is.Zero);
        Assert.That(log.Count, Is.EqualTo(6));
        Assert.That(TakeAll(log), Is.EqualTo([1, 2, 64, 65, 70_000, 70_001]));
    }

    [Test]
    public void Every_route_that_waits_is_taken()
    {
        var random = new Random(1);
        var log = new RouteLog();
        var waiting = new HashSet<int>();
        for (var step = 0; step < 100_000; step++)
        {
            if (random.Next(3) > 0)
            {
                var route = 1 << random.Next(20) | random.Next(200);
                log.Add(route);
                waiting.Add(route);
            }
            else if (waiting.Count > 0)
            {
                Assert.That(waiting.Remove(log.Take()));
            }

            Assert.That(log.Count, Is.EqualTo(waiting.Count));
        }

        Assert.That(TakeAll(log), Is.EquivalentTo(waiting));
    }

    private static List<int> TakeAll(RouteLog log)
    {
        var taken = new List<int>();
        while (log.Count > 0)
        {
            taken.Add(log.Take());
        }

        return taken;
    }
}
