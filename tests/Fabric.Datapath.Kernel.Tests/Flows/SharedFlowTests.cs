using System.Buffers.Binary;
using System.Diagnostics;
using Fabric.Datapath.Kernel.Tests.Equality;
using Fabric.Datapath.Kernel.Tests.Kernel;
using Fabric.Datapath.Shared;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Kernel.Tests.Flows;

/// <summary>The programs and the pipeline change one set of flows (docs/decisions/0011).</summary>
[TestFixture]
internal sealed class SharedFlowTests
{
    private const uint LockOfProgram = 1;
    private const uint LockOfProcess = 2;

    private KernelHost host = null!;

    [SetUp]
    public void MakeHost()
    {
        host = new KernelHost();
        host.Apply(OneNetwork.Tables(RandomTables.Everything));
    }

    [TearDown]
    public void RemoveHost() => host?.Dispose();

    [Test]
    public void From_the_third_connection_on_the_programs_set_them_up()
    {
        Assert.That(
            Enumerable.Range(1, 5).Select(source => Run(source).Kind),
            Is.EqualTo(new[] { RunKind.PuntRing, RunKind.PuntRing, RunKind.Deliver, RunKind.Deliver, RunKind.Deliver })
        );
        Assert.That((host.Made, host.Pipeline.Flows.Count, host.Pipeline.Flows.CountOf(1)), Is.EqualTo((3, 12, 6)));
    }

    [Test]
    public void While_the_pipeline_holds_the_lock_connections_come_up()
    {
        Run(1);
        Run(2);
        host.Memory.FlowTable.Lock = LockOfProcess;
        Assert.That(RunOnly(3).Kind, Is.EqualTo(RunKind.PuntRing));
        host.Memory.FlowTable.Lock = 0;
        Assert.That(RunOnly(4).Kind, Is.EqualTo(RunKind.Deliver));
    }

    [Test]
    public void A_slot_that_was_free_for_years_is_rested_for_the_programs_too()
    {
        Run(1);
        Run(2);
        var sevenYearsAgo = (uint)(Stopwatch.GetElapsedTime(0).TotalMilliseconds / 100) - 0x8000_0100;
        foreach (ref var free in host.Memory.FreeSlots.Span)
        {
            free.UsableAt = sevenYearsAgo;
        }

        Assert.That(RunOnly(3).Kind, Is.EqualTo(RunKind.Deliver));
    }

    [Test]
    public void A_process_that_was_killed_with_the_lock_leaves_it_to_the_next()
    {
        Run(1);
        host.Memory.FlowTable.Lock = LockOfProcess;
        var next = new FlowTable(host.Memory, perVifLimit: 1024);
        Assert.That((host.Memory.FlowTable.Lock, next.Count), Is.EqualTo((0, 2)));
        Assert.That(LockOfProgram, Is.Not.EqualTo(LockOfProcess), "a program lets go by itself");
    }

    [Test]
    public void A_vif_begins_no_more_connections_than_its_rate_allows()
    {
        Run(1);
        Run(2);
        new SharedDevices(host.Memory).LimitMisses(vif: 1, perSecond: 5);
        var start = Stopwatch.GetTimestamp();
        var begun = Enumerable.Range(3, 20).Count(source => RunOnly(source).Kind == RunKind.Deliver);
        Assert.That(begun, Is.InRange(5, 5 + MissBucket.FilledSince(start, perSecond: 5)));
        Assert.That(host.Memory.CacheCounters.Span.ToArray().Sum(lane => (int)lane.MissLimited), Is.EqualTo(20 - begun));
    }

    [Test]
    public void A_machine_can_not_open_connections_in_the_name_of_another()
    {
        Run(1);
        Run(2);
        var spoofed = Frame(3);
        spoofed[11] = 2;
        Assert.That(RunReport.Of(Program, TestNetwork.IndexOf("vif2"), spoofed).Kind, Is.EqualTo(RunKind.PuntRing));
        Assert.That(host.Made, Is.Zero);
    }

    [TestCase(RandomTables.Everything)]
    [TestCase(null)]
    public void A_machine_can_not_answer_for_an_address_that_others_send_to_but_it_does_not_have(uint? group)
    {
        const uint NotTheirs = 0x0A01_0063;
        host.Apply(OneNetwork.Tables(group));
        var (far, near) = (RandomTables.FarAway[0], RandomTables.Locals[1]);
        Assert.That(host.Take(new TestPacket(0, Frames.FromUnderlay(far, near, 53, 1)), 1_000), Has.Count.EqualTo(1));
        Assert.That(host.Take(new TestPacket(1, Frames.FromVif1(near, far, 1, 53)), 1_000), Has.Count.EqualTo(1));
        Assert.That(host.Take(new TestPacket(0, Frames.FromUnderlay(far, NotTheirs, 53, 1)), 1_000), Has.Count.EqualTo(1));
        Assert.That(host.Take(new TestPacket(1, Frames.FromVif1(NotTheirs, far, 1, 53)), 1_000), Is.Empty);
        Assert.That(host.Pipeline.Drops.Totals[(int)DropReason.SpoofedSourceAddress], Is.EqualTo(1));
    }

    // Without the lock, or with one that does not hold, some of these are lost, doubled, or counted for nobody.
    [Test]
    public void Programs_on_all_processors_and_the_pipeline_change_the_flows_at_once()
    {
        Run(1);
        Run(2);
        using var start = new Barrier(Environment.ProcessorCount + 1);
        var programs = StartPrograms(start);
        start.SignalAndWait();
        var flows = host.Pipeline.Flows;
        for (var slot = 0; programs.Exists(static thread => thread.IsAlive); slot = (slot + 1) % flows.Capacity)
        {
            Remove(flows, slot);
        }

        programs.ForEach(thread => thread.Join());
        CheckSetOfFlows();
    }

    // The same with what comes up meanwhile, by two workers on threads of their own, each of which also removes flows.
    [Test]
    public void Programs_on_all_processors_and_two_workers_change_the_flows_at_once()
    {
        host.Dispose();
        host = new KernelHost(workers: 2);
        var second = host.Pipeline.ForWorker(1);
        var tables = OneNetwork.Tables(RandomTables.Everything);
        host.Apply(tables);
        second.Tables.Apply(tables);
        Run(1);
        Run(2);
        using var start = new Barrier(Environment.ProcessorCount + 2);
        var programs = StartPrograms(start);
        var (ofFirst, ofSecond) = (0, 0);
        var worker = new Thread(() => ofSecond = Work(second, start, programs, seed: 98));
        worker.Start();
        ofFirst = Work(host.Pipeline, start, programs, seed: 99);
        worker.Join();
        programs.ForEach(thread => thread.Join());
        CheckSetOfFlows();
        Assert.That(Math.Min(ofFirst, ofSecond), Is.GreaterThan(0), "packets that each forwarded");
    }

    private static int Work(Pipeline pipeline, Barrier start, List<Thread> programs, int seed)
    {
        start.SignalAndWait();
        var random = new Random(seed);
        var capture = new Capture();
        while (programs.Exists(static thread => thread.IsAlive))
        {
            var buffer = new TestPacket(1, Frame(random.Next(3, 200))).Buffer();
            pipeline.FromVif(1, ref buffer, PacketOffload.None, nowMilliseconds: 1_000, capture);
            for (var i = 0; i < 32; i++)
            {
                Remove(pipeline.Flows, random.Next(pipeline.Flows.Capacity));
            }
        }

        return capture.Sent.Count;
    }

    private List<Thread> StartPrograms(Barrier start) =>
        [
            .. Enumerable
                .Range(0, Environment.ProcessorCount)
                .Select(number =>
                {
                    var thread = new Thread(() =>
                    {
                        start.SignalAndWait();
                        var random = new Random(number);
                        for (var i = 0; i < 20_000; i++)
                        {
                            RunReport.Of(Program, TestNetwork.IndexOf("vif1"), Frame(random.Next(3, 200)));
                        }
                    });
                    thread.Start();
                    return thread;
                }),
        ];

    // Long ago, so that slots are taken again at once.
    private static void Remove(FlowTable flows, int slot)
    {
        using var held = flows.Lock();
        if (flows[slot].InUse && !flows[slot].Key.IsWide)
        {
            flows.RemoveWithReverse(slot, nowMilliseconds: 0);
        }
    }

    private void CheckSetOfFlows()
    {
        var used = host.Memory.Flows.Span.ToArray().Where(flow => flow.InUse).ToList();
        Assert.That(host.Made, Is.GreaterThan(1_000ul), "or nothing was tried");
        Assert.That(host.Memory.FlowTable.FreeCount + used.Count, Is.EqualTo(host.Memory.Flows.Count));
        Assert.That(host.Pipeline.Flows.CountOf(1) + host.Pipeline.Flows.CountOf(2), Is.EqualTo(used.Count));
        Assert.That(used.Select(flow => flow.Key), Is.Unique);
        Assert.That(
            used,
            Has.All.Matches<FlowSlot>(flow =>
                flow.Reverse >= 0 && host.Memory.Flows[host.Memory.Flows[flow.Reverse].Reverse].Key == flow.Key
            )
        );
        Assert.That(
            new FlowTable(host.Memory, perVifLimit: 1024).Takeover,
            Is.EqualTo(new FlowTakeover(used.Count, 0, 0, IndexRebuilt: false))
        );
    }

    private int Program => host.Cache.Programs.Program("vif_ingress");

    private RunReport Run(int source)
    {
        var report = RunOnly(source);
        if (report.Kind == RunKind.PuntRing)
        {
            var packet = new TestPacket(1, Frame(source));
            var buffer = packet.Buffer();
            host.Pipeline.FromVif(1, ref buffer, PacketOffload.None, 1_000, new Capture());
        }

        return report;
    }

    private RunReport RunOnly(int source) => RunReport.Of(Program, TestNetwork.IndexOf("vif1"), Frame(source));

    private static byte[] Frame(int source)
    {
        var frame = Frames.Question();
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(34), (ushort)source);
        UdpHeader.WriteChecksum(frame.AsSpan(34), RandomTables.Locals[1], RandomTables.Locals[2]);
        return frame;
    }
}
