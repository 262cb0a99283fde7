using System.Buffers.Binary;
using System.Diagnostics;
using Fabric.Datapath.Kernel.Tests.Equality;
using Fabric.Datapath.Kernel.Tests.Flows;
using Fabric.Datapath.Kernel.Tests.Kernel;
using Fabric.Datapath.Shared;
using Fabric.Primitives;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Kernel.Tests.Punts;

/// <summary>A flood that a gateway lets through, or a host that was taken over sends, costs the machine that it goes to, and no other.</summary>
[TestFixture]
internal sealed class UnderlayMissRateTests
{
    private const int Rate = 64;
    private const int Burst = 64;
    private const uint NoLabel = 200;
    private const uint LabelOfTheGateway = 19;
    private const int InnerPacket = EthernetHeader.Size + Ipv4Header.Size + GreHeader.Size + MplsLabelEntry.Size;

    private KernelHost host = null!;

    [SetUp]
    public void MakeHost()
    {
        host = new KernelHost();
        host.Apply(OneNetwork.Tables(RandomTables.Everything));
        for (uint vif = 1; vif <= 2; vif++)
        {
            new SharedDevices(host.Memory).LimitMisses(vif, Rate);
        }

        new SharedDevices(host.Memory).LimitMissesOfUnderlay(Rate);
    }

    [TearDown]
    public void RemoveHost() => host?.Dispose();

    [Test]
    public void A_flood_from_the_underlay_comes_up_no_faster_than_its_rate_and_all_else_of_it_is_counted()
    {
        var start = Stopwatch.GetTimestamp();
        var runs = Enumerable.Range(1, 200).Select(static source => FromAnybody((uint)source)).Select(FromUnderlay).ToList();
        var cameUp = runs.Count(static run => run.Kind == RunKind.PuntRing);
        var limited = (ulong)(runs.Count - cameUp);
        Assert.That(cameUp, Is.InRange(Burst, Burst + MissBucket.FilledSince(start, Rate)));
        Assert.That(runs.Count(IsLimited), Is.EqualTo(limited));
        Assert.That(Total(static lane => lane.Misses), Is.EqualTo(cameUp));
        Assert.That(Total(static lane => lane.MissLimited), Is.EqualTo(limited));
        Assert.That(host.Memory.VifDrops[SharedSizes.ReasonsOfVif + (int)DropReason.MissRateToVif], Is.EqualTo(limited));
    }

    [Test]
    public void Beside_a_flood_to_it_a_machine_begins_its_own_connections_as_do_its_neighbours()
    {
        Flood();
        var own = Enumerable.Range(1, Burst).Select(port => FromVif(1, (ushort)port)).ToList();
        var neighbours = Enumerable.Range(1, Burst).Select(port => FromVif(2, (ushort)port)).ToList();
        Assert.That(own.Concat(neighbours), Is.All.EqualTo(RunKind.PuntRing));
    }

    [Test]
    public void Beside_a_flood_to_it_connections_that_a_machine_has_go_on()
    {
        var known = FromAnybody(1_000);
        host.Take(new TestPacket(0, known), 1_000);
        Flood();
        Assert.That(FromUnderlay(known).Kind, Is.EqualTo(RunKind.Deliver));
    }

    // By the entry of another host's connection, which each such packet has looked at again.
    [Test]
    public void A_flood_in_the_name_of_a_known_connection_has_the_same_rate()
    {
        var known = FromAnybody(1_000);
        host.Take(new TestPacket(0, known), 1_000);
        var outer = known.AsSpan(EthernetHeader.Size, Ipv4Header.Size);
        BinaryPrimitives.WriteUInt32BigEndian(outer[12..], RandomTables.OuterSources[1]);
        Ipv4Header.WriteChecksum(outer);
        Assert.That(CameUp(200, () => known), Is.GreaterThanOrEqualTo(Burst - 1));
    }

    [Test]
    public void A_flood_of_fragments_has_the_same_rate()
    {
        var fragment = FromAnybody(1);
        var inner = fragment.AsSpan(InnerPacket, Ipv4Header.Size);
        BinaryPrimitives.WriteUInt16BigEndian(inner[6..], 0x2000);
        Ipv4Header.WriteChecksum(inner);
        Assert.That(CameUp(200, () => fragment), Is.GreaterThanOrEqualTo(Burst - 1));
    }

    // Only C# reads what such outer headers say, but whom the packet is for.
    [TestCase("udp-checksum")]
    [TestCase("gre-key")]
    [TestCase("gre-checksum-key")]
    [TestCase("ipv4-options")]
    public void A_flood_that_only_the_pipeline_can_take_off_has_the_rate_of_its_machine(string outer)
    {
        var known = FromAnybody(1_000);
        host.Take(new TestPacket(0, known), 1_000);
        var flood = OuterHeaders.Of(outer, known);
        Assert.That(host.Take(new TestPacket(0, flood), 1_000), Has.Count.EqualTo(1), "it is delivered");
        Assert.That(CameUp(200, () => flood), Is.GreaterThanOrEqualTo(Burst - 2));
        Assert.That(FromUnderlay(FromAnybody(2_000)), Has.Property(nameof(RunReport.Detail)).EqualTo((uint)DropReason.MissRateToVif));
        Assert.That(FromUnderlay(ToLabel(NoLabel)).Kind, Is.EqualTo(RunKind.PuntRing));
    }

    [TestCase(NoLabel)]
    [TestCase(LabelOfTheGateway)]
    public void A_flood_that_leads_to_no_machine_has_a_rate_of_its_own(uint label)
    {
        var runs = Enumerable.Range(0, 200).Select(_ => FromUnderlay(ToLabel(label))).ToList();
        var limited = runs.Count(static run => run is { Kind: RunKind.Drop, Detail: (uint)DropReason.MissRateOfUnderlay });
        Assert.That(limited, Is.GreaterThan(0));
        Assert.That(runs.Count(static run => run.Kind == RunKind.PuntRing), Is.EqualTo(200 - limited).And.GreaterThanOrEqualTo(Burst));
        Assert.That(Total(static lane => lane.MissLimited), Is.EqualTo((ulong)limited));
        Assert.That(host.Pipeline.Drops.Totals[(int)DropReason.MissRateOfUnderlay], Is.EqualTo(limited));
        Assert.That(FromUnderlay(FromAnybody(1)).Kind, Is.EqualTo(RunKind.PuntRing), "what leads to a machine comes up beside it");
    }

    [Test]
    public void Connections_that_a_program_would_set_up_have_the_same_rate()
    {
        for (ushort port = 1; port <= 2; port++)
        {
            host.Take(new TestPacket(0, FromFarAway(port)), 1_000);
        }

        var start = Stopwatch.GetTimestamp();
        var runs = Enumerable.Range(3, 200).Select(static port => FromFarAway((ushort)port)).Select(FromUnderlay).ToList();
        Assert.That(runs.Count(IsLimited), Is.GreaterThan(0));
        Assert.That(host.Made, Is.InRange(Burst - 2, Burst + MissBucket.FilledSince(start, Rate)));
    }

    private void Flood()
    {
        uint source = 0;
        CameUp(200, () => FromAnybody(++source));
    }

    // Of so many packets of a flood, of which the rate keeps some from it.
    private int CameUp(int packets, Func<byte[]> next)
    {
        var runs = Enumerable.Range(0, packets).Select(_ => FromUnderlay(next())).ToList();
        Assert.That(runs.Count(IsLimited), Is.GreaterThan(0));
        return runs.Count(static run => run.Kind == RunKind.PuntRing);
    }

    private static bool IsLimited(RunReport run) => run is { Kind: RunKind.Drop, Detail: (uint)DropReason.MissRateToVif };

    private RunReport FromUnderlay(byte[] frame) =>
        RunReport.Of(host.Cache.Programs.Program("uplink_ingress"), TestNetwork.IndexOf("uplink"), frame);

    private RunKind FromVif(uint vif, ushort sourcePort)
    {
        var (from, to) = (RandomTables.Locals[(int)vif], RandomTables.FarAway[1]);
        var datagram = Frames.FromVif1(from, to, sourcePort, 53)[34..];
        var frame = Frames.FromVif(vif, from, to, IpProtocol.Udp, datagram);
        return RunReport.Of(host.Cache.Programs.Program("vif_ingress"), TestNetwork.IndexOf($"vif{vif}"), frame).Kind;
    }

    private ulong Total(Func<CacheCounters, ulong> counter) =>
        host.Memory.CacheCounters.Span.ToArray().Aggregate(0ul, (sum, lane) => sum + counter(lane));

    private static byte[] ToLabel(uint label)
    {
        var frame = FromAnybody(1);
        new MplsLabelEntry(new MplsLabel(label), 0, IsBottomOfStack: true, 64).Write(frame.AsSpan(InnerPacket - MplsLabelEntry.Size));
        return frame;
    }

    private static byte[] FromAnybody(uint host) => Frames.FromUnderlay(0x1400_0000 + host, RandomTables.Locals[1], 4000, 53);

    private static byte[] FromFarAway(ushort port) => Frames.FromUnderlay(RandomTables.FarAway[0], RandomTables.Locals[1], port, 53);
}
