namespace Fabric.Datapath.Tests;

/// <summary>The maximum segment size that a SYN announces fits the tunnel: 1500 - 28 - 40, or 1500 - 32 - 40.</summary>
public sealed class SegmentSizeTests
{
    [TestCase(nameof(Golden.SynToRemote), nameof(Golden.SynToRemoteInTunnel))]
    [TestCase(nameof(Golden.SynWithOddOption), nameof(Golden.SynWithOddOptionInTunnel))]
    [TestCase(nameof(Golden.SynWithSmallSegments), nameof(Golden.SynWithSmallSegmentsInTunnel))]
    public void A_syn_into_a_tunnel_announces_no_more_than_fits(string syn, string inTunnel) =>
        Assert.That(new Host().FromVif(1, Packet(syn)).Uplink, Is.EqualTo(new[] { Packet(inTunnel) }));

    [Test]
    public void A_checksum_left_to_the_device_is_right_in_the_end()
    {
        var offload = new PacketOffload(OffloadFlags.NeedsChecksum, 34, 16, 0, 0);
        Assert.That(new Host().FromVif(1, Golden.SynWithPartialChecksum, offload).Uplink, Is.EqualTo(new[] { Golden.SynToRemoteInTunnel }));
    }

    [TestCase(nameof(Golden.SynAckInTunnel), nameof(Golden.SynAckFromTunnel))]
    [TestCase(nameof(Golden.SynAckInUdp), nameof(Golden.SynAckFromUdp))]
    public void A_syn_out_of_a_tunnel_announces_no_more_than_fits_it(string inTunnel, string atVm) =>
        Assert.That(new Host().FromUplink(Packet(inTunnel)).Vifs.Single().Frame, Is.EqualTo(Packet(atVm)));

    [Test]
    public void A_syn_that_stays_on_the_host_is_as_it_was()
    {
        var host = new Host();
        host.Apply(new Model.Datapath.Batch { Routes = { Host.Route(1, "10.1.0.21/32", 2) } });
        Assert.That(host.FromVif(1, Golden.SynToRemote).Vifs.Single().Frame[34..], Is.EqualTo(Golden.SynToRemote[34..]));
    }

    private static byte[] Packet(string name) => (byte[])typeof(Golden).GetProperty(name)!.GetValue(null)!;
}
