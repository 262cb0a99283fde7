using System.Buffers.Binary;
using Fabric.Datapath.Kernel.Tests.Kernel;
using Fabric.Datapath.Shared;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Kernel.Tests.Equality;

/// <summary>
/// The promise of the cache: whatever packet comes in, over whatever tables, cold or warm, the programs do what the C# pipeline does, or hand
/// it the packet. Host A is the pipeline alone; host B has the programs before it. FABRIC_KERNEL_SEEDS=N tries the next N seeds as well.
/// </summary>
[TestFixture]
internal sealed class EqualityTests
{
    private const int Packets = 2_500;
    private const int PacketsBetweenChanges = 80;

    private static readonly DropReason[] OfTheUnderlay =
    [
        DropReason.InvalidIpv4Header,
        DropReason.InvalidIpv4Checksum,
        DropReason.NotOurTunnel,
        DropReason.InvalidSource,
        DropReason.UnsupportedTunnelProtocol,
        DropReason.InvalidUdpTunnel,
    ];

    private static IEnumerable<int> Seeds =>
        Enumerable.Range(1, 8 + (int.TryParse(Environment.GetEnvironmentVariable("FABRIC_KERNEL_SEEDS"), out var more) ? more : 0));

    [TestCaseSource(nameof(Seeds))]
    public void The_programs_and_the_pipeline_do_the_same(int seed)
    {
        var random = new Random(seed);
        var tables = new RandomTables(random);
        var packets = new RandomPackets(random);
        using var memory = SharedMemory.Allocate(KernelCacheFolder.TestSizes with { Processors = 1 }, seed: 0x5EED);
        var a = new PipelineHost(memory);
        using var b = new KernelHost();
        Apply(tables.Snapshot());
        for (var i = 0; i < Packets; i++)
        {
            if (i % PacketsBetweenChanges == PacketsBetweenChanges - 1)
            {
                Assert.That(Flows(b.Memory), Is.EqualTo(Flows(a.Memory)), $"seed {seed}, before packet {i}");
                Apply(tables.Change());
            }

            var packet = packets.Next();
            Compare(a, b, packet, now: 1_000 + i, $"seed {seed}, packet {i}: {packet.Vif} {Convert.ToHexString(packet.Frame)}");
        }

        var forwarded = b.Runs.GetValueOrDefault(RunKind.Deliver) + b.Runs.GetValueOrDefault(RunKind.Tunnel);
        Assert.That(forwarded, Is.GreaterThan(Packets / 50), "or the programs were not tried at all");
        TestContext.Out.WriteLine(
            $"{string.Join(", ", b.Runs)}, {b.Made} connections made by programs, {b.Stateless} packets passed without state"
        );

        void Apply(Model.Datapath.Batch batch)
        {
            a.Apply(batch);
            b.Apply(batch);
        }
    }

    private static void Compare(PipelineHost a, KernelHost b, TestPacket packet, long now, string what)
    {
        var before = a.Pipeline.Drops.Totals.ToArray();
        var sent = a.Take(packet, now);
        if (b.Take(packet, now) is not { } sentByPrograms)
        {
            // The host's own stack gets it, and A's host would not even have given it to the pipeline, or dropped it as broken.
            var dropped = (DropReason)
                Array.FindIndex(a.Pipeline.Drops.Totals.ToArray().Zip(before).ToArray(), static x => x.First != x.Second);
            Assert.That(
                dropped == DropReason.OuterFragment ? !IsToTunnelPort(packet.Frame) : OfTheUnderlay.Contains(dropped),
                $"{what}: {dropped}"
            );
            b.Memory.Drops[b.Memory.Sizes.LaneOf(0) * SharedSizes.Reasons + (int)dropped]++;
            return;
        }

        Assert.That(sentByPrograms, Is.EqualTo(sent), what);
        Assert.That(b.Pipeline.Drops.Totals.ToArray(), Is.EqualTo(a.Pipeline.Drops.Totals.ToArray()), what);
        for (uint id = 1; id <= 3; id++)
        {
            var (ofA, ofB) = (a.Pipeline.Tables.Vif(id)?.Statistics, b.Pipeline.Tables.Vif(id)?.Statistics);
            Assert.That(ofB?.Total, Is.EqualTo(ofA?.Total), what);
            Assert.That(ofB is null || ofA is null || ofB.Drops.SequenceEqual(ofA.Drops), what);
        }
    }

    // A socket's filter would not have let it in.
    private static bool IsToTunnelPort(ReadOnlySpan<byte> frame) =>
        BinaryPrimitives.ReadUInt16BigEndian(frame[(EthernetHeader.Size + Ipv4Header.Size + 2)..]) == UdpPort.MplsOverUdp;

    private static List<string> Flows(SharedMemory memory) =>
        [
            .. memory
                .Flows.Span.ToArray()
                .Where(static flow => flow.InUse)
                .Select(static f =>
                    $"{f.Key} {f.Verdict} {f.OuterSource} {f.RouteNextHop} {f.DestinationVif} {f.IsInitiator} {f.ValidatedAt}: "
                    + $"{f.Packets} {f.Bytes} {f.Tcp} {f.TcpEnd} {f.TcpAcknowledged} {f.TcpWindow} {f.TcpScale} {f.Ports}"
                )
                .Order(StringComparer.Ordinal),
        ];
}
