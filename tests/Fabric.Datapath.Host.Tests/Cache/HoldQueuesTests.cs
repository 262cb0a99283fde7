using Fabric.Datapath.Host.Cache;

namespace Fabric.Datapath.Host.Tests.Cache;

public sealed class HoldQueuesTests
{
    private const int SmallPackets = HoldQueues.BytesOfQueue / HoldQueues.LeastBytes;
    private readonly HoldQueues _queues = new(seed: 1);

    [TearDown]
    public void Empty()
    {
        while (_queues.TryTake(out _, out _)) { }
    }

    [Test]
    public void A_sender_with_one_packet_waits_for_one_of_each_other_at_most()
    {
        Offer(device: 1, packets: 1000);
        Offer(device: 2, packets: 1);

        Assert.That(Take(2), Is.EqualTo((uint[])[1, 2]));
    }

    [Test]
    public void Packets_of_a_sender_stay_in_order_and_come_back_as_they_were()
    {
        _queues.Add(7, 3, [1, 2, 3]);
        _queues.Add(7, 3, [4]);

        _queues.TryTake(out _, out var first);
        Assert.That(first.Packet.ToArray(), Is.EqualTo((byte[])[1, 2, 3]));
        Assert.That(first.Offset, Is.GreaterThanOrEqualTo(PacketBuffer.MinimumHeadroom));
        _queues.TryTake(out _, out var second);
        Assert.That(second.Packet.ToArray(), Is.EqualTo((byte[])[4]));
    }

    [Test]
    public void A_queue_takes_no_more_bytes_than_its_bound_and_says_whose_packet_was_dropped()
    {
        var dropped = Offer(device: 1, SmallPackets + 5);

        Assert.That(dropped, Is.EqualTo((uint[])[1, 1, 1, 1, 1]));
        Assert.That(_queues.Count, Is.EqualTo(SmallPackets));
        Assert.That(_queues.Add(2, 2, new byte[60]), Is.Null, "another sender has a bound of its own");
    }

    [Test]
    public void When_there_is_no_room_the_longest_queue_makes_it()
    {
        uint flooder = 1;
        while (_queues.Add(flooder, flooder, new byte[60]) is not { } dropped || dropped == flooder)
        {
            flooder = _queues.Count % SmallPackets == 0 ? flooder + 1 : flooder;
        }

        Assert.That(_queues.Add(1_000_000, 1_000_000, new byte[60]), Is.InRange(1u, flooder));
        Assert.That(Take(_queues.Count), Does.Contain(1_000_000u));
    }

    [Test]
    public void Random_use_loses_and_invents_nothing()
    {
        var random = new Random(1);
        var held = new Dictionary<uint, int>();
        for (var i = 0; i < 100_000; i++)
        {
            var device = (uint)random.Next(40);
            if (random.Next(100) < 70)
            {
                var dropped = _queues.Add(device, device, new byte[random.Next(1, HoldQueues.LargestPacket)]);
                held[device] = held.GetValueOrDefault(device) + 1;
                held[dropped ?? device] -= dropped is null ? 0 : 1;
            }
            else if (_queues.TryTake(out var taken, out _))
            {
                held[taken]--;
            }
        }

        Assert.That(held.Values, Has.All.GreaterThanOrEqualTo(0));
        Assert.That(held.Values.Sum(), Is.EqualTo(_queues.Count));
        Assert.That(
            Take(int.MaxValue).CountBy(static device => device).ToDictionary(),
            Is.EquivalentTo(held.Where(static h => h.Value > 0))
        );
    }

    private List<uint> Offer(uint device, int packets)
    {
        var dropped = new List<uint>();
        for (var i = 0; i < packets; i++)
        {
            if (_queues.Add(device, device, new byte[60]) is { } loser)
            {
                dropped.Add(loser);
            }
        }

        return dropped;
    }

    private List<uint> Take(int count)
    {
        var devices = new List<uint>();
        while (devices.Count < count && _queues.TryTake(out var device, out _))
        {
            devices.Add(device);
        }

        return devices;
    }
}
