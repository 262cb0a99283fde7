namespace Fabric.Datapath.Tests;

public sealed class RobustnessTests
{
    [Test]
    public void A_packet_cut_at_any_byte_neither_throws_nor_reaches_another_network()
    {
        var host = new Host();
        foreach (var packet in Golden.All)
        {
            for (var length = 0; length < packet.Length; length++)
            {
                AssertContained(host, packet[..length]);
            }
        }
    }

    [Test]
    public void A_mutated_packet_neither_throws_nor_reaches_another_network([Values(1, 2, 3, 4)] int seed)
    {
        var random = new Random(seed);
        var host = new Host();
        for (var i = 0; i < 20_000; i++)
        {
            var packet = Golden.All[random.Next(Golden.All.Length)];
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                packet[random.Next(Math.Min(packet.Length, 120))] = (byte)random.Next(256);
            }

            Mend(packet, 14, random);
            Mend(packet, 28, random);
            AssertContained(
                host,
                packet,
                (PacketOffload)
                    new((OffloadFlags)random.Next(8), (ushort)random.Next(100), (ushort)random.Next(40), (ushort)random.Next(64, 200), 0)
            );
            host.Now += random.Next(50);
            host.Pipeline.Age(host.Now);
        }
    }

    // Red has no route to blue: whatever comes out goes to red's own VMs, or with red's label into its tunnel.
    private static void AssertContained(Host host, byte[] packet, PacketOffload offload = default)
    {
        foreach (var (vif, _, _) in host.FromVif(1, packet, offload).Vifs)
        {
            Assert.That(vif, Is.EqualTo(1).Or.EqualTo(2));
        }

        foreach (var outer in host.Output.Uplink)
        {
            Assert.That(outer.AsSpan(16, 12).ToArray(), Is.EqualTo(new byte[] { 192, 0, 2, 2, 0, 0, 0x88, 0x47, 0, 1, 0x51, outer[27] }));
        }

        foreach (var (vif, _, _) in host.FromUplink(packet).Vifs)
        {
            Assert.That(vif, Is.EqualTo(1).Or.EqualTo(2), "only red has a route to the tunnel");
        }

        Assert.That(host.Output.Uplink, Is.Empty);
    }

    // Half of the time the header checksum is made good again, so that the packet gets further than that.
    private static void Mend(byte[] packet, int offset, Random random)
    {
        if (random.Next(2) == 0 && packet.Length >= offset + 20 && packet[offset] == 0x45)
        {
            Wire.Packets.Ipv4Header.WriteChecksum(packet.AsSpan(offset, 20));
        }
    }
}
