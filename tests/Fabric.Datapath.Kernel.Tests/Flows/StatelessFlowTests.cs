using Fabric.Datapath.Kernel.Tests.Equality;
using Fabric.Datapath.Kernel.Tests.Kernel;
using Fabric.Datapath.Shared;
using Fabric.Model.Datapath;

namespace Fabric.Datapath.Kernel.Tests.Flows;

/// <summary>The programs forward by entries for blocks of addresses, which the pipeline makes (docs/decisions/0012).</summary>
[TestFixture]
internal sealed class StatelessFlowTests
{
    private KernelHost host = null!;

    [SetUp]
    public void MakeHost()
    {
        host = new KernelHost();
        host.Apply(OneNetwork.Tables(group: null));
    }

    [TearDown]
    public void RemoveHost() => host?.Dispose();

    [Test]
    public void After_one_packet_the_programs_forward_all_connections_between_two_blocks()
    {
        Send(RandomTables.FarAway[0], 1);
        for (ushort port = 2; port < 1_000; port++)
        {
            Send(RandomTables.FarAway[port % RandomTables.FarAway.Length], port);
        }

        Assert.That((host.Runs[RunKind.PuntRing], host.Runs[RunKind.Tunnel]), Is.EqualTo((1, 998)));
        Assert.That((host.Stateless, host.Pipeline.Flows.Count), Is.EqualTo((999, 2)));
    }

    [Test]
    public void A_policy_makes_the_next_packet_come_up_and_is_asked_about_it()
    {
        Send(RandomTables.FarAway[0], 1);
        var mute = new AccessListEntry { Id = 9, Name = "mute" };
        var tables = OneNetwork.Tables(group: null);
        tables.Vifs[0].SecurityGroups.Add(9);
        host.Apply(new Batch { AccessLists = { mute }, Vifs = { tables.Vifs[0] } });
        Assert.That(Send(RandomTables.FarAway[0], 1), Is.Empty);
        Assert.That(host.Pipeline.Drops.Totals[(int)DropReason.SecurityGroupEgress], Is.EqualTo(1));
        Assert.That(host.Runs[RunKind.PuntRing], Is.EqualTo(2));
    }

    [Test]
    public void A_miss_rate_does_not_bound_connections_that_need_no_entry()
    {
        Send(RandomTables.FarAway[0], 1);
        new SharedDevices(host.Memory).LimitMisses(vif: 1, perSecond: 1);
        Assert.That(Enumerable.Range(2, 500).Sum(port => Send(RandomTables.FarAway[1], (ushort)port)!.Count), Is.EqualTo(500));
    }

    private List<string>? Send(uint destination, ushort source) =>
        host.Take(new TestPacket(1, Frames.FromVif1(RandomTables.Locals[1], destination, source, 53)), nowMilliseconds: 1_000);
}
