namespace Fabric.Runtime.Tests;

public sealed class ThreadLoopTests
{
    [Test]
    public async Task Posts_of_many_threads_run_one_after_the_other_and_in_the_order_of_each_thread()
    {
        using var loop = new ThreadLoop("test", TimeProvider.System, _ => { });
        var seen = new List<(int Thread, int Number)>();

        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(thread =>
                    Task.Run(() =>
                    {
                        for (var number = 0; number < 10_000; number++)
                        {
                            loop.Post(seen.Add, (thread, number));
                        }
                    })
                )
        );
        await loop.RunAsync(() => { });

        Assert.That(seen, Has.Count.EqualTo(40_000));
        foreach (var thread in seen.GroupBy(entry => entry.Thread))
        {
            Assert.That(thread.Select(entry => entry.Number), Is.Ordered);
        }
    }

    [Test]
    public async Task A_loop_that_posts_to_itself_more_than_its_mailbox_holds_does_not_wait_for_itself()
    {
        using var loop = new ThreadLoop("test", TimeProvider.System, _ => { });
        var count = 0;

        loop.Post(
            self =>
            {
                for (var i = 0; i < 100_000; i++)
                {
                    self.Post(_ => count++, 0);
                }
            },
            loop
        );
        await loop.RunAsync(() => { });

        Assert.That(count, Is.EqualTo(100_000));
    }

    [Test]
    public async Task An_exception_of_one_message_is_reported_and_the_next_message_runs()
    {
        var failures = new List<string>();
        using var loop = new ThreadLoop("test", TimeProvider.System, exception => failures.Add(exception.Message));

        loop.Post<int>(_ => throw new InvalidOperationException("boom"), 0);
        await loop.RunAsync(() => { });

        Assert.That(failures, Is.EqualTo(new[] { "boom" }));
    }
}
