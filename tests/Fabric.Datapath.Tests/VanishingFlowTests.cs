using Fabric.Model.Datapath;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Tests;

/// <summary>
/// A worker evaluates a flow again that is older than a change. That is done without the lock, so the flow may be gone when the worker has
/// it, and its slot another's. Vif 1 lets nothing in but answers.
/// </summary>
public sealed class VanishingFlowTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Test]
    public void What_was_an_answer_is_a_strangers_packet_when_its_flow_has_gone([Values] bool slotsAreTaken)
    {
        var (first, second) = TwoWorkers();
        Assert.That(first.FromVif(1, Datagram.Frame("10.1.0.11", "10.1.0.12", 4000, 53)).Count, Is.EqualTo(1));
        MakeStale(first, second);
        var answer = Datagram.Frame("10.1.0.12", "10.1.0.11", 53, 4000);
        Assert.That(PassWhileItGoes(first, second, answer, slotsAreTaken).Vifs, Is.Empty);
        Assert.That(second.Inspector.RecentDrops().Single().Rule, Is.EqualTo("shy/default-deny"));
        AssertConsistent(first, slotsAreTaken ? 4 : 1);
    }

    [Test]
    public void A_segment_of_a_connection_whose_flow_has_gone_goes_on()
    {
        var (first, second) = TwoWorkers();
        first.FromVif(1, Golden.SynToNeighbour80);
        first.FromVif(2, Golden.SynAckFromNeighbour80);
        MakeStale(first, second);
        Assert.That(PassWhileItGoes(first, second, Golden.SynAckFromNeighbour80, slotsAreTaken: false).Vifs, Has.Count.EqualTo(1));
        AssertConsistent(first, flows: 2);
        Assert.That(first.FromVif(1, Golden.AckToNeighbour80).Vifs, Has.Count.EqualTo(1));
    }

    private static (Host First, Host Second) TwoWorkers()
    {
        var (first, second) = Host.TwoWorkers(flowCapacity: 4);
        var shy = new Batch
        {
            AccessLists = { Host.Group(8, "shy", Host.Allow("out", Direction.Egress)) },
            Vifs = { Host.Vif(1, 1, "10.1.0.11", 8) },
        };
        first.Apply(shy);
        second.Apply(shy);
        return (first, second);
    }

    private static void MakeStale(Host first, Host second)
    {
        var change = new Batch { Routes = { Host.Route(1, "10.9.0.0/16", 4, 99) } };
        first.Apply(change);
        second.Apply(change);
    }

    // The worker has evaluated the flow when it waits for the lock. Where that is not seen in time it comes too late, and finds no flow.
    private static Capture PassWhileItGoes(Host first, Host second, byte[] frame, bool slotsAreTaken)
    {
        Capture? capture = null;
        var worker = new Thread(() => capture = second.FromVif(2, frame));
        var flows = first.Pipeline.Flows;
        using (flows.Lock())
        {
            worker.Start();
            SpinWait.SpinUntil(() => worker.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Patience);
            var slot = first.Memory.Flows.Span.ToArray().ToList().FindIndex(flow => flow.InUse);
            flows.RemoveWithReverse(slot, nowMilliseconds: 0);
            for (var i = 0; slotsAreTaken && i < flows.Capacity; i++)
            {
                flows.Add(OfStranger(i), vif: 1, isInitiator: false, icmpType: 0, first.Now);
            }
        }

        Assert.That(worker.Join(Patience), Is.True);
        return capture!;
    }

    private static FlowKey OfStranger(int number) => new(1, Host.Address("10.1.0.11"), 0x0909_0909, (ushort)number, 1, IpProtocol.Udp);

    private static void AssertConsistent(Host host, int flows)
    {
        Assert.That(host.Pipeline.Flows.Count, Is.EqualTo(flows));
        Assert.That(new FlowTable(host.Memory, perVifLimit: 1024).Takeover, Is.EqualTo(new FlowTakeover(flows, 0, 0, IndexRebuilt: false)));
    }
}
