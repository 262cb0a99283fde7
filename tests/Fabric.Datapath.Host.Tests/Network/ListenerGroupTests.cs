using System.Buffers.Binary;
using Fabric.Datapath.Host.PacketIo;
using Fabric.Datapath.Host.Tests.EndToEnd;
using Fabric.Primitives;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Host.Tests.Network;

/// <summary>Sockets among which the kernel divides the packets of a device. Needs root.</summary>
[Category("Privileged")]
public sealed class ListenerGroupTests
{
    private const int Workers = 4;
    private const uint Near = 0x0A01_0003;
    private const uint Far = 0x0A01_0005;
    private const uint ThisHost = 0xC000_0201;
    private const uint OtherHost = 0xC000_0202;

    [Test]
    public void Both_directions_of_a_connection_come_to_one_worker_and_connections_to_all() =>
        OwnNamespace.Run(() =>
        {
            using var group = new Group(isOfTunnels: false);
            var workers = new HashSet<int>();
            for (ushort port = 1; port <= 64; port++)
            {
                var worker = group.WorkerOf(Frame(Packet(Near, Far, port, 53)));
                Assert.That(group.WorkerOf(Frame(Packet(Far, Near, 53, port))), Is.EqualTo(worker), $"port {port}");
                workers.Add(worker);
            }

            Assert.That(workers, Is.EquivalentTo(Enumerable.Range(0, Workers)));
        });

    [Test]
    public void All_fragments_of_a_packet_come_to_one_worker() =>
        OwnNamespace.Run(() =>
        {
            using var group = new Group(isOfTunnels: false);
            for (uint i = 0; i < 32; i++)
            {
                var head = Fragment(Packet(Near, Far + i, 4000, 53), 0x2000);
                var tail = Fragment(Packet(Near, Far + i, 0xABCD, 0x1234), 0x0003);
                Assert.That(group.WorkerOf(Frame(tail)), Is.EqualTo(group.WorkerOf(Frame(head))), $"destination {i}");
            }
        });

    [Test]
    public void What_is_no_ipv4_comes_to_the_first_worker() =>
        OwnNamespace.Run(() =>
        {
            using var group = new Group(isOfTunnels: false);
            var frame = Frame(Packet(Near, Far, 1, 2));
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), 0x0806);
            Assert.That(group.WorkerOf(frame), Is.Zero);
        });

    [TestCase(0)]
    [TestCase(4)]
    [TestCase(8)]
    public void Packets_of_tunnels_are_divided_by_what_is_inside(int greFields) =>
        OwnNamespace.Run(() =>
        {
            using var group = new Group(isOfTunnels: true);
            var workers = new HashSet<int>();
            for (ushort port = 1; port <= 64; port++)
            {
                var worker = group.WorkerOf(Frame(InGre(Packet(Near, Far, port, 53), greFields)));
                Assert.That(group.WorkerOf(Frame(InGre(Packet(Far, Near, 53, port), 0))), Is.EqualTo(worker), $"port {port}");
                Assert.That(group.WorkerOf(Frame(InUdp(Packet(Far, Near, 53, port)))), Is.EqualTo(worker), $"port {port}, over UDP");
                workers.Add(worker);
            }

            Assert.That(workers, Is.EquivalentTo(Enumerable.Range(0, Workers)));
        });

    [Test]
    public void A_muted_group_takes_nothing() =>
        OwnNamespace.Run(() =>
        {
            using var group = new Group(isOfTunnels: false);
            group.Mute();
            Assert.That(group.WorkersOf(Frame(Packet(Near, Far, 1, 2))), Is.Empty);
        });

    private static byte[] Packet(uint source, uint destination, ushort sourcePort, ushort port)
    {
        var packet = new byte[60];
        Ipv4Header.Write(packet, packet.Length, 0, 0, 64, IpProtocol.Udp, source, destination);
        UdpHeader.Write(packet.AsSpan(Ipv4Header.Size), sourcePort, port, source, destination);
        return packet;
    }

    private static byte[] Fragment(byte[] packet, ushort flagsAndOffset)
    {
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), flagsAndOffset);
        Ipv4Header.WriteChecksum(packet.AsSpan(0, Ipv4Header.Size));
        return packet;
    }

    private static byte[] InGre(byte[] packet, int fields)
    {
        var inner = Ipv4Header.Size + GreHeader.Size + fields + MplsLabelEntry.Size;
        byte[] outer = [.. new byte[inner], .. packet];
        Ipv4Header.Write(outer, outer.Length, 0, 0, 64, IpProtocol.Gre, OtherHost, ThisHost);
        GreHeader.Write(outer.AsSpan(Ipv4Header.Size), EtherType.MplsUnicast);
        outer[Ipv4Header.Size] = (byte)(fields >= 4 ? 0x20 : 0);
        outer[Ipv4Header.Size] |= (byte)(fields >= 8 ? 0x10 : 0);
        new MplsLabelEntry(new MplsLabel(16), 0, IsBottomOfStack: true, 64).Write(outer.AsSpan(inner - MplsLabelEntry.Size));
        return outer;
    }

    private static byte[] InUdp(byte[] packet)
    {
        const int Inner = Ipv4Header.Size + UdpHeader.Size + MplsLabelEntry.Size;
        byte[] outer = [.. new byte[Inner], .. packet];
        Ipv4Header.Write(outer, outer.Length, 0, 0, 64, IpProtocol.Udp, OtherHost, ThisHost);
        UdpHeader.Write(outer.AsSpan(Ipv4Header.Size), 0xC001, 6635, OtherHost, ThisHost);
        new MplsLabelEntry(new MplsLabel(16), 0, IsBottomOfStack: true, 64).Write(outer.AsSpan(Inner - MplsLabelEntry.Size));
        return outer;
    }

    private static byte[] Frame(byte[] packet) => [2, 0, 0, 0, 0, 0x0B, 2, 0, 0, 0, 0, 0x0A, 8, 0, .. packet];

    /// <summary>The listeners at one end of a veth, and a sender at the other.</summary>
    private sealed class Group : IDisposable
    {
        private readonly IReadOnlyList<PacketSocket> _listeners;
        private readonly PacketSocket _sender;
        private readonly ReceiveBatch _received = new();
        private readonly SendBatch _sends = new();
        private readonly PortLane _lane = new(vif: 1);

        public Group(bool isOfTunnels)
        {
            Shell.Run("ip link add near address 02:00:00:00:00:0b type veth peer name far");
            Shell.Run("ip link set near addrgenmode none up");
            Shell.Run("ip link set far addrgenmode none up");
            var near = NetworkDevice.Find("near")!.Value;
            _listeners = ListenerGroup.Open(
                Workers,
                isOfTunnels,
                () => isOfTunnels ? PacketSocket.OpenTunnelFrames(near, ThisHost) : PacketSocket.OpenFrames(near)
            );
            Assert.That(_listeners, Has.Count.EqualTo(Workers));
            _sender = PacketSocket.OpenSender(NetworkDevice.Find("far")!.Value);
        }

        public int WorkerOf(byte[] frame)
        {
            var workers = WorkersOf(frame);
            Assert.That(workers, Has.Count.EqualTo(1));
            return workers[0];
        }

        // A veth hands a frame over before the call that sends it returns, or a moment later where the other end has a queue of its own.
        public List<int> WorkersOf(byte[] frame)
        {
            _sends.Add(_lane, _sender.Descriptor, frame, PacketOffload.None);
            _sends.Flush();
            for (var tries = 0; tries < 1_000; tries++)
            {
                var workers = Enumerable
                    .Range(0, Workers)
                    .Where(worker => _received.Receive(_listeners[worker].Descriptor, withHeader: true) > 0)
                    .ToList();
                if (workers.Count > 0)
                {
                    return workers;
                }
            }

            return [];
        }

        public void Mute()
        {
            foreach (var listener in _listeners)
            {
                listener.Mute();
            }
        }

        public void Dispose()
        {
            PacketSocket.DisposeAll(_listeners);
            _sender.Dispose();
            _received.Dispose();
            _sends.Dispose();
            Shell.Run("ip link del near");
        }
    }
}
