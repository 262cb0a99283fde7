using Fabric.Datapath;
using Fabric.Model.Datapath;
using Google.Protobuf;
using Direction = Fabric.Model.Datapath.Direction;

namespace Fabric.Benchmarks;

/// <summary>A host with one VM 10.1.0.11 that reaches 10.1.0.21 through a tunnel, and a packet of it.</summary>
internal static class SampleDatapath
{
    private const uint Vm = 0x0A01_000B;
    private const uint Remote = 0x0A01_0015;

    // Ether(dst="00:00:5e:00:01:00",src="02:00:00:00:00:01")/IP(src="10.1.0.11",dst="10.1.0.21",id=7,ttl=64,flags="DF")/
    // TCP(sport=5000,dport=80,flags="A",seq=101,ack=501)
    public static byte[] Frame { get; } =
        Convert.FromHexString(
            "00005e00010002000000000108004500002800074000400626a80a01000b0a0100151388005000000065000001f55010200065810000"
        );

    public static AccessList Rules(int count) =>
        new(
            new AccessListEntry
            {
                Id = 1,
                Name = "web",
                Rules =
                {
                    Enumerable
                        .Range(0, count)
                        .Select(i => new AccessRule
                        {
                            Name = $"rule{i}",
                            Direction = Direction.Ingress,
                            Protocol = 6,
                            PortMin = (uint)(1000 + i),
                            PortMax = (uint)(1000 + i),
                        }),
                },
            }
        );

    /// <summary>The host's tables; with <paramref name="hasPolicy"/> the VM has a group, which allows it to send.</summary>
    public static Batch Snapshot(TunnelKind tunnel, bool hasPolicy) =>
        new()
        {
            BeginSnapshot = true,
            EndSnapshot = true,
            Host = new HostConfig { TunnelSource = 0xC000_0201, UnderlayMtu = 1500 },
            Vrfs =
            {
                new VrfEntry { Id = 1, Name = "red" },
            },
            Vifs =
            {
                new VifEntry
                {
                    Id = 1,
                    Vrf = 1,
                    Mac = ByteString.CopyFrom(2, 0, 0, 0, 0, 1),
                    Addresses = { Vm },
                    NextHop = 1,
                    SecurityGroups = { hasPolicy ? [1u] : Array.Empty<uint>() },
                },
            },
            AccessLists =
            {
                new AccessListEntry
                {
                    Id = 1,
                    Name = "out",
                    Rules =
                    {
                        new AccessRule
                        {
                            Name = "all",
                            Direction = Direction.Egress,
                            PortMax = ushort.MaxValue,
                        },
                    },
                },
            },
            NextHops =
            {
                new NextHopEntry
                {
                    Id = 1,
                    Interface = new InterfaceNextHop { Vif = 1 },
                },
                new NextHopEntry
                {
                    Id = 4,
                    Tunnel = new TunnelNextHop { Destination = 0xC000_0202, Kind = tunnel },
                },
            },
            Routes =
            {
                new RouteEntry
                {
                    Vrf = 1,
                    Prefix = Vm,
                    Length = 32,
                    NextHop = 1,
                },
                new RouteEntry
                {
                    Vrf = 1,
                    Prefix = Remote,
                    Length = 32,
                    NextHop = 4,
                    Label = 21,
                },
            },
        };
}
