using Fabric.Datapath;
using Fabric.Datapath.Inspection;
using Fabric.Datapath.Shared;
using Fabric.Fuzz.Engine;
using Fabric.Model.Datapath;
using Fabric.Primitives;
using Google.Protobuf;

namespace Fabric.Fuzz.Targets;

/// <summary>
/// A host 192.0.2.1 of two networks that don't meet: red has the vifs 1 (10.1.0.11) and 2 (10.1.0.12) and label 21 at 192.0.2.2, blue has vif 3
/// (10.2.0.11) and label 31 there. Labels 16 to 18 lead to the vifs. Vif 2 takes only tcp/80.
/// </summary>
internal sealed class TwoNetworks : IPacketOutput
{
    public const uint Red = 1;
    public const uint Blue = 2;
    private const int Flows = 64;
    private const uint WebGroup = 8000001;

    private readonly Pipeline _pipeline = new(
        SharedMemory.Allocate(new SharedSizes(Flows), seed: 1),
        new PipelineOptions { FlowsPerVif = Flows / 2 }
    );
    private readonly DatapathInspector _inspector;
    private readonly byte[] _storage = new byte[PacketBuffer.MinimumHeadroom + 65_536];
    private long _now = 1_000;

    public TwoNetworks()
    {
        _inspector = new DatapathInspector(_pipeline);
        if (_pipeline.Tables.Apply(Snapshot()) is { } fault)
        {
            throw new InvalidOperationException(fault);
        }
    }

    public List<(uint Vif, byte[] Frame)> ToVifs { get; } = [];

    public List<byte[]> ToUplink { get; } = [];

    /// <summary>Drops that the last packet was counted as.</summary>
    public long NewDrops { get; private set; }

    public static uint NetworkOf(uint vif) => vif == 3 ? Blue : Red;

    public static uint Address(string text) => IpAddress.Parse(text).Ipv4;

    public void FromVif(uint vif, ReadOnlySpan<byte> frame, in PacketOffload offload)
    {
        var buffer = Begin(frame);
        _pipeline.FromVif(vif, ref buffer, offload, _now, this);
        End();
    }

    public void FromUplink(ReadOnlySpan<byte> packet)
    {
        var buffer = Begin(packet);
        _pipeline.FromUplink(ref buffer, PacketOffload.None, _now, this);
        End();
    }

    public void Wait(int milliseconds)
    {
        _now += milliseconds;
        _pipeline.Age(_now);
    }

    /// <summary>What holds of the tables after whatever came.</summary>
    public void CheckTables()
    {
        var flows = _inspector.Flows(_now).ToDictionary(f => f.Index);
        Invariant.Holds(flows.Count == _pipeline.Flows.Count, $"{flows.Count} flows, but a count of {_pipeline.Flows.Count}");
        Invariant.Holds(flows.Count <= Flows, "more flows than the table has");
        foreach (var vif in new[] { 1u, 2u, 3u })
        {
            var own = flows.Values.Count(f => f.Vif == vif);
            Invariant.Holds(
                own == _pipeline.Flows.CountOf(vif),
                $"vif {vif} has {own} flows, but a count of {_pipeline.Flows.CountOf(vif)}"
            );
        }

        foreach (var flow in flows.Values)
        {
            Invariant.Holds(
                flow.ReverseIndex is not { } reverse || flows[reverse].ReverseIndex == flow.Index,
                "a flow is not its reverse's"
            );
        }
    }

    void IPacketOutput.ToVif(uint vif, ReadOnlySpan<byte> frame, in PacketOffload offload) => ToVifs.Add((vif, frame.ToArray()));

    void IPacketOutput.ToUplink(ReadOnlySpan<byte> outerIpv4Packet) => ToUplink.Add(outerIpv4Packet.ToArray());

    private PacketBuffer Begin(ReadOnlySpan<byte> packet)
    {
        ToVifs.Clear();
        ToUplink.Clear();
        NewDrops = -Drops();
        packet.CopyTo(_storage.AsSpan(PacketBuffer.MinimumHeadroom));
        return new PacketBuffer(
            _storage.AsSpan(0, PacketBuffer.MinimumHeadroom + packet.Length),
            PacketBuffer.MinimumHeadroom,
            packet.Length
        );
    }

    private void End() => NewDrops += Drops();

    private long Drops()
    {
        long drops = 0;
        foreach (var count in _pipeline.Drops.Totals)
        {
            drops += count;
        }

        return drops;
    }

    private static Batch Snapshot() =>
        new()
        {
            Generation = 1,
            BeginSnapshot = true,
            EndSnapshot = true,
            Host = new HostConfig { TunnelSource = Address("192.0.2.1"), UnderlayMtu = 1500 },
            Vrfs =
            {
                new VrfEntry { Id = Red, Name = "red" },
                new VrfEntry { Id = Blue, Name = "blue" },
            },
            Vifs = { Vif(1, Red, "10.1.0.11"), Vif(2, Red, "10.1.0.12", WebGroup), Vif(3, Blue, "10.2.0.11") },
            NextHops =
            {
                Interface(1),
                Interface(2),
                Interface(3),
                new NextHopEntry
                {
                    Id = 4,
                    Tunnel = new TunnelNextHop { Destination = Address("192.0.2.2") },
                },
                new NextHopEntry { Id = 5, Receive = new ReceiveNextHop() },
            },
            Labels = { Label(16, 1), Label(17, 2), Label(18, 3) },
            Routes =
            {
                Route(Red, "10.1.0.11", 1),
                Route(Red, "10.1.0.12", 2),
                Route(Red, "10.1.0.21", 4, 21),
                Route(Red, "10.1.0.1", 5),
                Route(Blue, "10.2.0.11", 3),
                Route(Blue, "10.2.0.21", 4, 31),
            },
            AccessLists =
            {
                new AccessListEntry
                {
                    Id = WebGroup,
                    Name = "acme:web",
                    Rules =
                    {
                        new AccessRule
                        {
                            Name = "http",
                            Protocol = 6,
                            PortMin = 80,
                            PortMax = 80,
                        },
                        new AccessRule
                        {
                            Name = "out",
                            Direction = Direction.Egress,
                            PortMax = 65535,
                        },
                    },
                },
            },
        };

    private static VifEntry Vif(uint id, uint vrf, string address, params uint[] groups) =>
        new()
        {
            Id = id,
            Device = $"veth{id}",
            Vrf = vrf,
            Mac = ByteString.CopyFrom(2, 0, 0, 0, 0, (byte)id),
            Addresses = { Address(address) },
            NextHop = id,
            SecurityGroups = { groups },
            Dhcp = new DhcpConfig
            {
                Address = Address(address),
                PrefixLength = 24,
                Gateway = Address("10.1.0.1"),
                Server = Address("10.1.0.2"),
                DnsServers = { Address("10.1.0.2") },
                DomainName = "red.example",
                HostName = "vm1",
                LeaseSeconds = uint.MaxValue,
            },
        };

    private static NextHopEntry Interface(uint vif) =>
        new()
        {
            Id = vif,
            Interface = new InterfaceNextHop { Vif = vif },
        };

    private static LabelEntry Label(uint label, uint nextHop) => new() { Label = label, NextHop = nextHop };

    private static RouteEntry Route(uint vrf, string address, uint nextHop, uint label = 0) =>
        new()
        {
            Vrf = vrf,
            Prefix = Address(address),
            Length = 32,
            NextHop = nextHop,
            Label = label,
        };
}
