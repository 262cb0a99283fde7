using Fabric.Datapath.Shared;
using Fabric.Model.Datapath;
using Fabric.Primitives;
using Fabric.Wire.Packets;
using Google.Protobuf;

namespace Fabric.Datapath.Host.Node;

/// <summary>
/// Runs once through what a busy host runs through, before the first packet: a pipeline of its own sets up connections of two machines that
/// talk through a tunnel, under a security group. The runtime compiles a method for good after its first thirty calls; without this, that
/// falls into the seconds after a restart, in which every VM's next packet comes up (docs/decisions/0008).
/// </summary>
internal static class Rehearsal
{
    public const int Connections = 2_000;

    // Two entries for each connection and for their kind, of which one machine may have no more than it leaves free.
    private const int Entries = 6 * Connections;

    private const uint Source = 0x0A00_0001;
    private const uint Destination = 0x0A00_0002;
    private const uint ThisHost = 0xC000_0201;
    private const uint OtherHost = 0xC000_0202;
    private const uint Label = 16;
    private const int Headroom = 128;
    private const int PayloadLength = 64;

    private static readonly MacAddress _mac = new(0x0200_0000_0001);

    /// <summary>Sessions are reported too, from start to end. Returns how many packets were forwarded: one out and one in for each connection.</summary>
    public static int Run()
    {
        using var memory = SharedMemory.Allocate(
            new SharedSizes(Entries)
            {
                Vifs = 2,
                NextHops = 4,
                Labels = (int)Label + 1,
                Devices = 1,
            },
            seed: 0
        );
        var pipeline = new Pipeline(memory, new PipelineOptions { FlowsPerVif = Entries });
        pipeline.Tables.Apply(Tables());
        pipeline.Records.Configure(new RecordSettings(), nowMilliseconds: 1);
        var output = new CountingOutput();
        var storage = new byte[Headroom + 256];
        for (var i = 0; i < Connections; i++)
        {
            var frame = WriteFrame(storage, (ushort)(1024 + i));
            pipeline.FromVif(1, ref frame, PacketOffload.None, nowMilliseconds: 1, output);
            var answer = WriteAnswer(storage, (ushort)(1024 + i));
            pipeline.FromUplink(ref answer, PacketOffload.None, nowMilliseconds: 1, output);
        }

        Report(pipeline, nowMilliseconds: 1);
        Report(pipeline, nowMilliseconds: 1 + new PipelineOptions().FlowIdleMilliseconds);
        return output.Count;
    }

    private static void Report(Pipeline pipeline, long nowMilliseconds)
    {
        var frames = new RecordFrames(pipeline.Records);
        pipeline.Age(nowMilliseconds);
        while (!frames.Next().IsEmpty) { }
    }

    private static PacketBuffer WriteFrame(byte[] storage, ushort port)
    {
        var frame = storage.AsSpan(Headroom, EthernetHeader.Size + PayloadLength);
        EthernetHeader.Write(frame, MacAddress.VirtualRouter, _mac, EtherType.Ipv4);
        WriteUdp(frame[EthernetHeader.Size..], Source, Destination, port, 53);
        return new PacketBuffer(storage, Headroom, frame.Length);
    }

    private static PacketBuffer WriteAnswer(byte[] storage, ushort port)
    {
        var packet = storage.AsSpan(Headroom, HostSettings.MplsOverGreOverhead + PayloadLength);
        Ipv4Header.Write(packet, packet.Length, 0, Ipv4Header.DontFragment, 64, IpProtocol.Gre, OtherHost, ThisHost);
        GreHeader.Write(packet[Ipv4Header.Size..], EtherType.MplsUnicast);
        new MplsLabelEntry(new MplsLabel(Label), 0, IsBottomOfStack: true, 64).Write(packet[(Ipv4Header.Size + GreHeader.Size)..]);
        WriteUdp(packet[HostSettings.MplsOverGreOverhead..], Destination, Source, 53, port);
        return new PacketBuffer(storage, Headroom, packet.Length);
    }

    private static void WriteUdp(Span<byte> packet, uint source, uint destination, ushort sourcePort, ushort destinationPort)
    {
        Ipv4Header.Write(packet, packet.Length, 0, Ipv4Header.DontFragment, 64, IpProtocol.Udp, source, destination);
        UdpHeader.Write(packet[Ipv4Header.Size..], sourcePort, destinationPort, source, destination);
    }

    private static Batch Tables() =>
        new()
        {
            Generation = 1,
            BeginSnapshot = true,
            EndSnapshot = true,
            Host = new HostConfig { TunnelSource = ThisHost, UnderlayMtu = 1500 },
            Vrfs =
            {
                new VrfEntry { Id = 1, Name = "rehearsal" },
            },
            AccessLists =
            {
                new AccessListEntry
                {
                    Id = 1,
                    Name = "rehearsal",
                    Rules = { Rule("in", Direction.Ingress), Rule("out", Direction.Egress) },
                },
            },
            Vifs =
            {
                new VifEntry
                {
                    Id = 1,
                    Device = "rehearsal",
                    Vrf = 1,
                    Mac = ByteString.CopyFrom(2, 0, 0, 0, 0, 1),
                    Addresses = { Source },
                    NextHop = 1,
                    SecurityGroups = { 1 },
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
                    Id = 2,
                    Tunnel = new TunnelNextHop { Destination = OtherHost },
                },
            },
            Labels =
            {
                new LabelEntry { Label = Label, NextHop = 1 },
            },
            Routes =
            {
                new RouteEntry
                {
                    Vrf = 1,
                    Prefix = Source,
                    Length = 32,
                    NextHop = 1,
                },
                new RouteEntry
                {
                    Vrf = 1,
                    Prefix = Destination,
                    Length = 32,
                    NextHop = 2,
                    Label = Label,
                },
            },
        };

    private static AccessRule Rule(string name, Direction direction) =>
        new()
        {
            Name = name,
            Direction = direction,
            Protocol = IpProtocol.Udp,
            PortMin = 53,
            PortMax = 53,
        };

    private sealed class CountingOutput : IPacketOutput
    {
        public int Count { get; private set; }

        public void ToVif(uint vif, ReadOnlySpan<byte> frame, in PacketOffload offload) => Count++;

        public void ToUplink(ReadOnlySpan<byte> outerIpv4Packet) => Count++;
    }
}
