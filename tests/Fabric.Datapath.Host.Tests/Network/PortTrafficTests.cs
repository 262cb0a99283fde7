using System.Buffers.Binary;
using Fabric.Datapath.Host.Loop;
using Fabric.Datapath.Host.PacketIo;
using Fabric.Datapath.Host.Tests.EndToEnd;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Host.Tests.Network;

/// <summary>A worker's ports, at the devices of a namespace. Needs root.</summary>
[Category("Privileged")]
public sealed class PortTrafficTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private static readonly byte[] _vm = [2, 0, 0, 0, 0, 0x0A];
    private static readonly byte[] _router = [0, 0, 0x5E, 0, 1, 0];

    [Test]
    public void A_frame_for_an_interface_without_a_device_is_a_counted_drop() =>
        OwnNamespace.Run(() =>
        {
            using var ports = new Ports();
            ports.Run(traffic =>
            {
                traffic.ToVif(7, [.. _vm, .. _router, 8, 0, .. new byte[46]], PacketOffload.None);
                traffic.EndTurn();
            });
            Assert.That(ports.Next(), Is.EqualTo("drop vif 7 NotDelivered"));
        });

    // The kernel takes the tag out: without a filter, what is behind it would pass for what the machine sends to its own network.
    [Test]
    public void A_frame_with_a_vlan_tag_comes_as_one_and_not_as_what_is_behind_the_tag() =>
        OwnNamespace.Run(() =>
        {
            using var ports = new Ports();
            LayLink();
            var near = NetworkDevice.Find("near")!.Value;
            var lane = new PortLane(vif: 7);
            using var sender = PacketSocket.OpenSender(NetworkDevice.Find("far")!.Value);
            using var sends = new SendBatch();
            ports.Run(traffic => traffic.Open(lane, PacketSocket.OpenFrames(near), sender: null, withHeader: true));
            byte[] addresses = [.. _router, .. _vm];
            foreach (byte[] tag in new byte[][] { [0x81, 0, 0, 100], [] })
            {
                sends.Add(new PortLane(vif: 8), sender.Descriptor, [.. addresses, .. tag, 8, 0, .. new byte[46]], PacketOffload.None);
                sends.Flush();
            }

            Assert.That(
                (ports.Next(), ports.Next()),
                Is.EqualTo(
                    (
                        $"vif 7 {Convert.ToHexString([.. addresses, 0x81, 0])}",
                        $"vif 7 {Convert.ToHexString([.. addresses, 8, 0, .. new byte[46]])}"
                    )
                )
            );
        });

    // A device that sends one packet in a while: what a socket may have waiting is full soon.
    [Test]
    public void A_train_for_which_there_is_no_room_is_counted_as_not_sent() =>
        OwnNamespace.Run(() =>
        {
            const int MostTrains = 2_000;
            const int DatagramsOfTrain = 64;
            LayLink();
            Shell.Run("ip address add 192.0.2.1/24 dev near");
            Shell.Run("ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:0c dev near");
            Shell.Run("tc qdisc add dev near root tbf rate 8kbit burst 100kb limit 64mb");
            using var ports = new Ports();
            var datagram = new byte[1_400];
            Ipv4Header.Write(datagram, datagram.Length, 0, Ipv4Header.DontFragment, 64, IpProtocol.Udp, 0xC000_0201, 0xC000_0202);
            BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(20), 0xC123);
            BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(22), UdpPort.MplsOverUdp);
            BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(24), (ushort)(datagram.Length - Ipv4Header.Size));
            var trains = 0;
            ports.Run(traffic =>
            {
                for (; trains < MostTrains && ports.Uplink.Counters.SendErrors == 0; trains++)
                {
                    for (var i = 0; i < DatagramsOfTrain; i++)
                    {
                        traffic.ToUplink(datagram);
                    }

                    traffic.EndTurn();
                }
            });
            var counters = ports.Uplink.Counters;
            Assert.That(counters.SendErrors, Is.GreaterThan(0));
            Assert.That(counters.Sent + counters.SendErrors, Is.EqualTo(trains * DatagramsOfTrain));
        });

    private static void LayLink()
    {
        Shell.Run("ip link add near address 02:00:00:00:00:0b type veth peer name far");
        Shell.Run("ip link set near addrgenmode none up");
        Shell.Run("ip link set far addrgenmode none up");
    }

    /// <summary>A worker's loop with its ports; what they hand on is kept as text.</summary>
    private sealed class Ports : IPacketInput, IDisposable
    {
        private readonly List<Exception> _failures = [];
        private readonly System.Collections.Concurrent.BlockingCollection<string> _calls = [];
        private readonly EpollLoop _loop;
        private readonly PortTraffic _traffic;

        public Ports()
        {
            _loop = new EpollLoop("test", TimeProvider.System, _failures.Add);
            _traffic = new PortTraffic(_loop, Uplink);
            Run(traffic => traffic.Start(this));
        }

        public PortLane Uplink { get; } = new(vif: null);

        public void Run(Action<PortTraffic> work)
        {
            using var done = new ManualResetEventSlim();
            _loop.Post(
                told =>
                {
                    told.Work(told.Traffic);
                    told.Done.Set();
                },
                (Work: work, Traffic: _traffic, Done: done)
            );
            Assert.That(done.Wait(_patience), Is.True, () => string.Join(", ", _failures));
        }

        public string Next() => _calls.TryTake(out var call, _patience) ? call : "nothing";

        public void FromVif(uint vif, ref PacketBuffer frame, in PacketOffload offload) =>
            _calls.Add($"vif {vif} {Convert.ToHexString(frame.Packet)}");

        public void FromUplink(ref PacketBuffer packet, in PacketOffload offload) => _calls.Add("uplink");

        public void Dropped(uint? vif, DropReason reason) => _calls.Add($"drop vif {vif} {reason}");

        public void Dispose()
        {
            Run(static traffic => traffic.Dispose());
            _loop.Dispose();
            _calls.Dispose();
        }
    }
}
