using Fabric.Datapath.Inspection;
using Fabric.Datapath.Shared;
using Fabric.Model.Datapath;
using Fabric.Primitives;
using Google.Protobuf;

namespace Fabric.Datapath.Tests;

/// <summary>
/// A host 192.0.2.1 with two VMs in red (vif 1: 10.1.0.11, vif 2: 10.1.0.12) and one in blue (vif 3: 10.2.0.11). Next hops 1 to 3 are the
/// vifs', 4 is a tunnel to 192.0.2.2, 5 receives; labels 16 to 18 lead to the vifs. 10.1.0.21 is a remote VM of red behind label 21. A group
/// allows all of them everything, so that there is policy and each connection has flows of its own.
/// </summary>
internal sealed class Host
{
    /// <summary>The group that allows everything.</summary>
    public const uint Open = 100;

    private ulong generation;

    public Host(int flowCapacity = 1024, int perVifLimit = 1024, PipelineOptions? options = null)
        : this(SharedMemory.Allocate(Sizes with { Flows = flowCapacity }, seed: 1), perVifLimit, options) =>
        Assert.That(Apply(Snapshot()), Is.Null);

    /// <summary>A pipeline over memory that is there, without tables of its own.</summary>
    public Host(SharedMemory memory, int perVifLimit = 1024, PipelineOptions? options = null)
    {
        Memory = memory;
        Pipeline = new Pipeline(memory, (options ?? new PipelineOptions()) with { FlowsPerVif = perVifLimit });
        Inspector = new DatapathInspector(Pipeline);
    }

    private Host(Host first)
    {
        Memory = first.Memory;
        Pipeline = first.Pipeline.ForWorker(1);
        Inspector = new DatapathInspector(Pipeline);
    }

    /// <summary>Two workers of one host, with the same tables.</summary>
    public static (Host First, Host Second) TwoWorkers(int flowCapacity = 1024, PipelineOptions? options = null)
    {
        var first = new Host(SharedMemory.Allocate(Sizes with { Flows = flowCapacity }, seed: 1), perVifLimit: flowCapacity, options);
        var second = new Host(first);
        Assert.That((first.Apply(Snapshot()), second.Apply(Snapshot())), Is.EqualTo(((string?)null, (string?)null)));
        return (first, second);
    }

    public static SharedSizes Sizes { get; } =
        new(1024)
        {
            Vifs = 16,
            NextHops = 64,
            Labels = 128,
            Devices = 16,
            Processors = 1,
            Workers = 2,
        };

    public SharedMemory Memory { get; }

    public Pipeline Pipeline { get; }

    public DatapathInspector Inspector { get; }

    public Capture Output { get; private set; } = new();

    public long Now { get; set; } = 1_000;

    public static uint Address(string text) => IpAddress.Parse(text).Ipv4;

    public static Batch Snapshot() =>
        new()
        {
            BeginSnapshot = true,
            EndSnapshot = true,
            Host = new HostConfig { TunnelSource = Address("192.0.2.1"), UnderlayMtu = 1500 },
            Vrfs =
            {
                new VrfEntry { Id = 1, Name = "red" },
                new VrfEntry { Id = 2, Name = "blue" },
            },
            AccessLists = { Group(Open, "open", Allow("in", Direction.Ingress), Allow("out", Direction.Egress)) },
            Vifs = { Vif(1, 1, "10.1.0.11", Open), Vif(2, 1, "10.1.0.12", Open), Vif(3, 2, "10.2.0.11", Open) },
            NextHops =
            {
                Interface(1),
                Interface(2),
                Interface(3),
                Tunnel(4, "192.0.2.2"),
                new NextHopEntry { Id = 5, Receive = new() },
            },
            Labels = { Label(16, 1), Label(17, 2), Label(18, 3) },
            Routes =
            {
                Route(1, "10.1.0.11/32", 1),
                Route(1, "10.1.0.12/32", 2),
                Route(1, "10.1.0.21/32", 4, 21),
                Route(1, "10.1.0.1/32", 5),
                Route(2, "10.2.0.11/32", 3),
            },
        };

    public static VifEntry Vif(uint id, uint vrf, string address, params uint[] groups) =>
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
                DnsServers = { Address("10.1.0.2"), Address("10.1.0.3") },
                DomainName = "red.example",
                HostName = "vm1",
                LeaseSeconds = uint.MaxValue,
                Routes =
                {
                    new HostRoute
                    {
                        Prefix = Address("10.99.168.0"),
                        Length = 24,
                        NextHop = Address("10.1.0.5"),
                    },
                },
            },
        };

    public static NextHopEntry Interface(uint vif) =>
        new()
        {
            Id = vif,
            Interface = new InterfaceNextHop { Vif = vif },
        };

    public static NextHopEntry Tunnel(uint id, string destination, TunnelKind kind = TunnelKind.MplsOverGre) =>
        new()
        {
            Id = id,
            Tunnel = new TunnelNextHop { Destination = Address(destination), Kind = kind },
        };

    public static LabelEntry Label(uint label, uint nextHop) => new() { Label = label, NextHop = nextHop };

    public static RouteEntry Route(uint vrf, string prefix, uint nextHop, uint label = 0, params uint[] groups)
    {
        var parsed = IpPrefix.Parse(prefix);
        return new RouteEntry
        {
            Vrf = vrf,
            Prefix = parsed.Address.Ipv4,
            Length = parsed.Length,
            NextHop = nextHop,
            Label = label,
            SecurityGroups = { groups },
        };
    }

    /// <summary>A group whose rules allow a protocol and port from anywhere.</summary>
    public static AccessListEntry Group(uint id, string name, params AccessRule[] rules) =>
        new()
        {
            Id = id,
            Name = name,
            Rules = { rules },
        };

    public static AccessRule Allow(string name, Direction direction, uint protocol = 0, uint port = 0) =>
        new()
        {
            Name = name,
            Direction = direction,
            Protocol = protocol,
            PortMin = port,
            PortMax = port == 0 ? 65535 : port,
        };

    public string? Apply(Batch batch)
    {
        batch.Generation = ++generation;
        return Pipeline.Tables.Apply(batch);
    }

    /// <summary>Gives a frame to the pipeline and returns what came out.</summary>
    public Capture FromVif(uint vif, byte[] frame, PacketOffload offload = default)
    {
        Output = new Capture();
        var buffer = Buffer(frame);
        Pipeline.FromVif(vif, ref buffer, offload, Now, Output);
        return Output;
    }

    public Capture FromUplink(byte[] packet, PacketOffload offload = default)
    {
        Output = new Capture();
        var buffer = Buffer(packet);
        Pipeline.FromUplink(ref buffer, offload, Now, Output);
        return Output;
    }

    public long Dropped(DropReason reason) => Pipeline.Drops.Totals[(int)reason];

    public FlowRecord? Flow(string source, string destination, ushort destinationPort) =>
        Inspector
            .Flows(Now)
            .SingleOrDefault(f =>
                !f.IsWide
                && f.Source.ToString() == source
                && f.Destination.ToString() == destination
                && f.DestinationPort == destinationPort
            );

    private static PacketBuffer Buffer(byte[] packet)
    {
        var storage = new byte[PacketBuffer.MinimumHeadroom + packet.Length];
        packet.CopyTo(storage, PacketBuffer.MinimumHeadroom);
        return new PacketBuffer(storage, PacketBuffer.MinimumHeadroom, packet.Length);
    }
}
