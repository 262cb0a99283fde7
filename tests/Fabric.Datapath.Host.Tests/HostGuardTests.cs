using Fabric.Datapath.Host.Guard;
using Fabric.Datapath.Host.Loop;
using Fabric.Datapath.Host.PacketIo;
using Fabric.Runtime;

namespace Fabric.Datapath.Host.Tests;

public sealed class HostGuardTests
{
    private static readonly GuardRules _one = new("host1", [new NetworkDevice("tap1", 7)], Uplink: null, 0);
    private static readonly GuardRules _two = new("host1", [new NetworkDevice("tap1", 8)], Uplink: null, 0);

    [Test]
    public async Task Rules_wanted_during_a_run_wait_for_its_end()
    {
        using var loop = new EpollLoop("test", TimeProvider.System, _ => { });
        var scripts = new List<string>();
        var firstRun = new TaskCompletionSource<string?>();
        var ends = new SemaphoreSlim(0);
        var guard = new HostGuard(
            loop,
            script =>
            {
                scripts.Add(script);
                return scripts.Count == 1 ? firstRun.Task : Task.FromResult<string?>(null);
            },
            () => ends.Release()
        );

        await loop.RunAsync(() => guard.Want(_one));
        await loop.RunAsync(() => guard.Want(_two));
        firstRun.SetResult(null);
        await ends.WaitAsync();
        var afterFirst = await loop.AskAsync(() => guard.Applied!);
        await loop.RunAsync(() => guard.Want(_two));
        await ends.WaitAsync();

        Assert.Multiple(() =>
        {
            Assert.That(afterFirst, Is.EqualTo(_one));
            Assert.That(guard.Applied, Is.EqualTo(_two));
            Assert.That(scripts, Is.EqualTo([_one.ToScript(), _two.ToScript()]));
        });
    }

    [Test]
    public async Task A_failed_run_keeps_the_old_rules_and_says_why_and_waits_to_be_asked_again()
    {
        using var loop = new EpollLoop("test", TimeProvider.System, _ => { });
        var runs = 0;
        var guard = new HostGuard(loop, _ => Task.FromResult(++runs == 1 ? "no nft" : null), () => { });

        await loop.RunAsync(() => guard.Want(_one));
        var failed = await End(loop, guard, static guard => guard.Problem is not null);
        await loop.RunAsync(() => guard.Want(_one));
        var applied = await End(loop, guard, static guard => guard.Problem is null);

        Assert.Multiple(() =>
        {
            Assert.That(failed, Is.EqualTo((null as GuardRules, "no nft", 1)));
            Assert.That(applied, Is.EqualTo((_one, null as string, 2)));
        });

        async Task<(GuardRules? Applied, string? Problem, int Runs)> End(EpollLoop owner, HostGuard asked, Func<HostGuard, bool> ended)
        {
            while (!await owner.AskAsync(() => ended(asked)))
            {
                await Task.Yield();
            }

            return await owner.AskAsync(() => (asked.Applied, asked.Problem, runs));
        }
    }
}
