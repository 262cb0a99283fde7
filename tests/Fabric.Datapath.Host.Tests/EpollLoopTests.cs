using Fabric.Datapath.Host.Loop;
using Fabric.Runtime;

namespace Fabric.Datapath.Host.Tests;

public sealed class EpollLoopTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    [Test]
    public void Posts_of_one_thread_run_in_order_on_the_loop()
    {
        var failures = new List<Exception>();
        var seen = new List<int>();
        var allOnLoop = true;
        using (var loop = new EpollLoop("test", TimeProvider.System, failures.Add))
        {
            for (var i = 0; i < 10_000; i++)
            {
                loop.Post(
                    value =>
                    {
                        allOnLoop &= loop.IsCurrent;
                        seen.Add(value);
                    },
                    i
                );
            }
        }

        Assert.Multiple(() =>
        {
            Assert.That(seen, Is.EqualTo(Enumerable.Range(0, 10_000)));
            Assert.That(allOnLoop, Is.True);
            Assert.That(failures, Is.Empty);
        });
    }

    [Test]
    public void A_post_from_the_loop_itself_runs_after_the_work_that_posted_it()
    {
        var order = new List<string>();
        using (var loop = new EpollLoop("test", TimeProvider.System, _ => { }))
        {
            loop.Post(
                self =>
                {
                    self.Post(order.Add, "second");
                    order.Add("first");
                },
                loop
            );
        }

        Assert.That(order, Is.EqualTo(["first", "second"]));
    }

    [Test]
    public void An_exception_in_posted_work_is_reported_and_the_loop_goes_on()
    {
        var failures = new List<Exception>();
        var after = false;
        using (var loop = new EpollLoop("test", TimeProvider.System, failures.Add))
        {
            loop.Post(static _ => throw new InvalidOperationException("bug"), 0);
            loop.Post(_ => after = true, 0);
        }

        Assert.Multiple(() =>
        {
            Assert.That(failures.Select(static failure => failure.Message), Is.EqualTo(["bug"]));
            Assert.That(after, Is.True);
        });
    }

    [Test]
    public void A_timer_fires_on_the_loop()
    {
        using var loop = new EpollLoop("test", TimeProvider.System, _ => { });
        using var fired = new ManualResetEventSlim();
        var onLoop = false;
        using var timer = new LoopTimer(
            loop,
            () =>
            {
                onLoop = loop.IsCurrent;
                fired.Set();
            }
        );

        loop.Post(static timer => timer.Set(TimeSpan.FromMilliseconds(1)), timer);

        Assert.Multiple(() =>
        {
            Assert.That(fired.Wait(_patience), Is.True);
            Assert.That(onLoop, Is.True);
        });
    }
}
