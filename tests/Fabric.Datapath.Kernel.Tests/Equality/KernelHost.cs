using Fabric.Datapath.Kernel.Punts;
using Fabric.Datapath.Kernel.Tests.Kernel;
using Fabric.Datapath.Shared;
using Fabric.Model.Datapath;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Kernel.Tests.Equality;

/// <summary>A host with the kernel's programs, in a network of its own, whose packets go to the pipeline over the same memory when the programs cannot finish them.</summary>
internal sealed class KernelHost : IDisposable, IPuntReceiver
{
    public const uint PuntDevice = 77;
    public const uint Neighbour = 0x0100_00C6;

    // First: the devices of the others are in it.
    private readonly TestNetwork network = new();
    private readonly KernelCacheFolder folder = new();
    private readonly uint uplink = TestNetwork.IndexOf("uplink");
    private readonly uint[] devices = [0, TestNetwork.IndexOf("vif1"), TestNetwork.IndexOf("vif2"), TestNetwork.IndexOf("vif3")];
    private readonly PipelineHost pipeline;
    private readonly SharedDevices attached;
    private readonly int vifProgram;
    private readonly int uplinkProgram;
    private List<string> punted = [];
    private TestPacket? current;
    private long now;

    public KernelHost(int workers = 1)
    {
        Cache = KernelCache.Open(folder.Options with { Workers = workers });
        pipeline = new PipelineHost(Memory);
        vifProgram = Cache.Programs.Program("vif_ingress");
        uplinkProgram = Cache.Programs.Program("uplink_ingress");
        Memory.Host.PuntDevice = PuntDevice;
        attached = new SharedDevices(Memory);
        attached.AttachUplink(uplink);
        for (uint vif = 1; vif < devices.Length; vif++)
        {
            attached.AttachVif(vif, devices[vif], isPeer: false);
        }
    }

    public KernelCache Cache { get; }

    public SharedMemory Memory => Cache.Memory;

    public Pipeline Pipeline => pipeline.Pipeline;

    /// <summary>Packets by what the programs did with them.</summary>
    public Dictionary<RunKind, int> Runs { get; } = [];

    /// <summary>Connections that the programs set up.</summary>
    public ulong Made => Memory.CacheCounters.Span.ToArray().Aggregate(0ul, static (sum, lane) => sum + lane.Made);

    /// <summary>Packets that passed by an entry that needs no state, and is still there.</summary>
    public long Stateless =>
        Memory.Flows.Span.ToArray().Where(static flow => flow.InUse && flow.Key.IsStateless).Sum(static flow => flow.Packets);

    public void Apply(Batch batch)
    {
        pipeline.Apply(batch);
        foreach (var vif in Pipeline.Tables.Vifs)
        {
            attached.AttachVif(vif.Id, devices[vif.Id], isPeer: false);
        }

        foreach (ref var nextHop in Memory.NextHops.Span)
        {
            if (nextHop.Kind == NextHopKind.Tunnel)
            {
                nextHop.Resolve(Neighbour, uplink);
            }
        }
    }

    /// <summary>What left the host, by whoever sent it; null when the packet is none of ours.</summary>
    public List<string>? Take(TestPacket packet, long nowMilliseconds)
    {
        (current, now, punted) = (packet, nowMilliseconds, []);
        var run = RunReport.Of(
            packet.IsUplink ? uplinkProgram : vifProgram,
            packet.IsUplink ? uplink : devices[packet.Vif],
            packet.Frame,
            packet.SegmentSize
        );
        Runs[run.Kind] = Runs.GetValueOrDefault(run.Kind) + 1;
        switch (run.Kind)
        {
            case RunKind.Pass:
                return null;
            case RunKind.Drop:
                Assert.That(run.Result, Is.EqualTo(2), "TC_ACT_SHOT");
                return [];
            case RunKind.Deliver:
                Assert.That(run.Device, Is.EqualTo(devices[run.Detail]));
                return [Capture.Vif(run.Detail, run.Frame)];
            case RunKind.Tunnel:
                Assert.That((run.Device, run.Neighbour), Is.EqualTo((uplink, Neighbour)));
                return [Capture.Uplink(run.Frame.AsSpan(EthernetHeader.Size))];
            case RunKind.PuntRing:
                Assert.That(Cache.Punts[0].Drain(10, this), Is.EqualTo(1));
                return punted;
            case RunKind.PuntDevice:
                Assert.That(run.Device, Is.EqualTo(PuntDevice));
                Assert.That(
                    PuntFrame.TryRead(run.Frame, out var frame) && frame.Device == (packet.IsUplink ? uplink : devices[packet.Vif])
                );
                return pipeline.Take(packet with { Frame = run.Frame[PuntFrame.Size..] }, now);
            default:
                Assert.Fail($"the run of {packet} left no report; result {run.Result}");
                return null;
        }
    }

    public void Receive(in PuntHeader header, ref PacketBuffer frame)
    {
        Assert.That(header.Device, Is.EqualTo(current!.IsUplink ? uplink : devices[current.Vif]));
        Assert.That(frame.Length, Is.EqualTo(current.Frame.Length));
        punted = pipeline.Take(current.Vif, ref frame, current.Offload, now);
    }

    public void Dispose()
    {
        Cache.Dispose();
        folder.Dispose();
        network.Dispose();
    }
}
