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
}
