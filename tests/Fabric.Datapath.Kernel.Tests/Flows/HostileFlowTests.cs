using Fabric.Datapath.Kernel.Tests.Equality;
using Fabric.Datapath.Kernel.Tests.Kernel;
using Fabric.Datapath.Shared;
using Fabric.Model.Datapath;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Kernel.Tests.Flows;

/// <summary>What a tenant could try against the verdicts that the programs hold.</summary>
[TestFixture]
internal sealed class HostileFlowTests
{
    private const uint Shy = 9;
    private KernelHost host = null!;

    // Vif 1 lets nothing in but answers.
    [SetUp]
    public void MakeHost()
    {
        host = new KernelHost();
        var tables = OneNetwork.Tables(RandomTables.Everything);
        tables.Vifs[0].SecurityGroups.Clear();
        tables.Vifs[0].SecurityGroups.Add(Shy);
        var rule = new AccessRule
        {
            Name = "out",
            Direction = Direction.Egress,
            PortMax = ushort.MaxValue,
        };
        tables.AccessLists.Add(
            new AccessListEntry
            {
                Id = Shy,
                Name = "shy",
                Rules = { rule },
            }
        );
        host.Apply(tables);
    }

    [TearDown]
    public void RemoveHost() => host?.Dispose();

    [Test]
    public void A_segment_from_the_midst_of_a_connection_does_not_let_a_syn_in([Values] bool fromUnderlay)
    {
        var segment = Segment(fromUnderlay, TcpFlags.Acknowledgment);
        Assert.That(host.Take(segment, 1_000), Has.Count.EqualTo(1));
        Assert.That(host.Take(segment, 1_000), Has.Count.EqualTo(1));
        Assert.That(host.Runs[RunKind.Deliver], Is.EqualTo(1), "the programs have its verdict");
        Assert.That(host.Take(Segment(fromUnderlay, TcpFlags.Syn), 1_000), Is.Empty);
        Assert.That(host.Pipeline.Drops.Totals[(int)DropReason.SecurityGroupIngress], Is.EqualTo(1));
    }

    [Test]
    public void What_is_meant_for_a_new_interface_does_not_go_to_the_device_of_the_one_that_had_its_number()
    {
        var tables = OneNetwork.Tables(RandomTables.Everything);
        var snapshot = tables.Clone();
        snapshot.Vifs.RemoveAt(2);
        var next = new PipelineHost(host.Memory);
        next.Apply(snapshot);
        next.Apply(new Batch { Vifs = { tables.Vifs[2] } });
        Assert.That(host.Memory.Vifs[3].Flags & VifFlags.Present, Is.EqualTo(VifFlags.Present));
        Assert.That(host.Memory.Vifs[3].Device, Is.Zero, "until its own is there");
        var packet = Frames.FromUnderlay(RandomTables.FarAway[0], RandomTables.Locals[3], 53, 1);
        packet[ThirdByteOfLabel] = 18 << 4 & 0xFF | 1;
        packet[ThirdByteOfLabel - 1] = 18 >> 4;
        Assert.That(next.Take(new TestPacket(0, packet), 1_000), Has.Count.EqualTo(1), "there is a verdict");
        var run = RunReport.Of(host.Cache.Programs.Program("uplink_ingress"), TestNetwork.IndexOf("uplink"), packet);
        Assert.That(run.Kind, Is.EqualTo(RunKind.PuntRing));
    }

    private const int ThirdByteOfLabel = EthernetHeader.Size + Ipv4Header.Size + GreHeader.Size + 2;

    private static TestPacket Segment(bool fromUnderlay, TcpFlags flags)
    {
        var from = fromUnderlay ? RandomTables.FarAway[0] : RandomTables.Locals[2];
        var segment = new byte[TcpHeader.Size];
        segment[1] = 80;
        segment[3] = 22;
        segment[12] = 5 << 4;
        segment[TcpHeader.FlagsOffset] = (byte)flags;
        TcpHeader.WriteChecksum(segment, from, RandomTables.Locals[1]);
        return fromUnderlay
            ? new TestPacket(0, Frames.FromUnderlay(from, RandomTables.Locals[1], IpProtocol.Tcp, segment))
            : new TestPacket(2, Frames.FromVif(2, from, RandomTables.Locals[1], IpProtocol.Tcp, segment));
    }
}
