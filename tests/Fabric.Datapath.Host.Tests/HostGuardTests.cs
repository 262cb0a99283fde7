using Fabric.Datapath.Host.Guard;
using Fabric.Datapath.Host.Inspection;
using Fabric.Datapath.Host.Loop;
using Fabric.Datapath.Host.PacketIo;

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

        await loop.Ask(() => Want(guard, _one));
        await loop.Ask(() => Want(guard, _two));
        firstRun.SetResult(null);
        await ends.WaitAsync();
        var afterFirst = await loop.Ask(() => guard.Applied!);
        await loop.Ask(() => Want(guard, _two));
        await ends.WaitAsync();

        Assert.Multiple(() =>
        {
            Assert.That(afterFirst, Is.EqualTo(_one));
            Assert.That(guard.Applied, Is.EqualTo(_two));
            Assert.That(scripts, Is.EqualTo([_one.ToScript(), _two.ToScript()]));
        });
    }

    [Test]
    public async Task A_failed_run_keeps_the_old_rules_and_says_why()
    {
        using var loop = new EpollLoop("test", TimeProvider.System, _ => { });
        var ended = new SemaphoreSlim(0);
        var guard = new HostGuard(loop, _ => Task.FromResult<string?>("no nft"), () => ended.Release());

        await loop.Ask(() => Want(guard, _one));
        await ended.WaitAsync();

        Assert.Multiple(() =>
        {
            Assert.That(guard.Applied, Is.Null);
            Assert.That(guard.Problem, Is.EqualTo("no nft"));
        });
    }

    private static bool Want(HostGuard guard, GuardRules rules)
    {
        guard.Want(rules);
        return true;
    }
}
