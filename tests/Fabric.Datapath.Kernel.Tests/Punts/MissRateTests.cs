using System.Diagnostics;
using Fabric.Datapath.Kernel.Tests.Equality;
using Fabric.Datapath.Kernel.Tests.Flows;
using Fabric.Datapath.Kernel.Tests.Kernel;
using Fabric.Datapath.Shared;

namespace Fabric.Datapath.Kernel.Tests.Punts;

/// <summary>What comes up is limited for each interface, before it costs the others anything.</summary>
[TestFixture]
internal sealed class MissRateTests
{
    private KernelHost host = null!;

    [SetUp]
    public void MakeHost()
    {
        host = new KernelHost();
        host.Apply(new RandomTables(new Random(1)).Snapshot());
    }

    [TearDown]
    public void RemoveHost() => host?.Dispose();

    [Test]
    public void No_more_misses_of_an_interface_come_up_than_its_rate_allows()
    {
        new SharedDevices(host.Memory).LimitMisses(vif: 1, perSecond: 5);
        var start = Stopwatch.GetTimestamp();
        var runs = Runs(times: 20);
        var cameUp = runs.Count(static run => run.Kind == RunKind.PuntRing);
        var limited = runs.Count - cameUp;
        Assert.That(cameUp, Is.InRange(5, 5 + MissBucket.FilledSince(start, perSecond: 5)));
        Assert.That(Total(static lane => lane.MissLimited), Is.EqualTo(limited));
        Assert.That(runs.Count(static run => run is { Kind: RunKind.Drop, Detail: (uint)DropReason.MissRateOfVif }), Is.EqualTo(limited));
        Assert.That(host.Memory.VifDrops[SharedSizes.ReasonsOfVif + (int)DropReason.MissRateOfVif], Is.EqualTo(limited));
    }

    [Test]
    public void A_burst_is_a_twentieth_of_the_rate()
    {
        new SharedDevices(host.Memory).LimitMisses(vif: 1, perSecond: 4_000);
        var start = Stopwatch.GetTimestamp();
        var runs = Runs(times: 300);

        var most = 200 + MissBucket.FilledSince(start, perSecond: 4_000);
        Assert.That(runs.Count(static run => run.Kind == RunKind.PuntRing), Is.InRange(200, most));
    }

    // As of a machine that sends by several queues.
    [Test]
    public void Processors_that_ask_at_the_same_time_get_no_more_together()
    {
        const int Rate = 4_000;
        const int Burst = 200;
        new SharedDevices(host.Memory).LimitMisses(vif: 1, perSecond: Rate);
        var program = host.Cache.Programs.Program("vif_ingress");
        var device = TestNetwork.IndexOf("vif1");
        var start = Stopwatch.GetTimestamp();
        Thread[] threads =
        [
            .. Enumerable.Range(0, 2).Select(_ => new Thread(() => RunReport.Repeat(program, device, Frames.Question(), 1_000_000))),
        ];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        Assert.That(Total(static lane => lane.Misses + lane.MissLimited), Is.EqualTo(2_000_000));
        Assert.That(Total(static lane => lane.Misses), Is.InRange(Burst, Burst + MissBucket.FilledSince(start, Rate)));
    }

    [Test]
    public void What_finds_the_ring_full_is_counted()
    {
        var runs = Runs(times: 1000);
        var written = (ulong)runs.Count(static run => run.Kind == RunKind.PuntRing);
        Assert.That(written, Is.LessThan(1000));
        Assert.That(Total(static lane => lane.PuntLost), Is.EqualTo(1000 - written));
    }

    private List<RunReport> Runs(int times)
    {
        var program = host.Cache.Programs.Program("vif_ingress");
        var device = TestNetwork.IndexOf("vif1");
        return [.. Enumerable.Range(0, times).Select(_ => RunReport.Of(program, device, Frames.Question()))];
    }

    private ulong Total(Func<CacheCounters, ulong> counter) =>
        host.Memory.CacheCounters.Span.ToArray().Aggregate(0ul, (sum, lane) => sum + counter(lane));
}
