namespace Fabric.Datapath.Tests;

public sealed class ArpTests
{
    [Test]
    public void The_gateway_has_the_virtual_routers_address() =>
        Assert.That(new Host().FromVif(1, Golden.ArpForGateway).Vifs.Single(), Is.EqualTo((1u, Golden.ArpFromGateway, PacketOffload.None)));

    [Test]
    public void An_address_with_a_route_has_it_too() =>
        Assert.That(new Host().FromVif(1, Golden.ArpForNeighbour).Vifs.Single().Frame, Is.EqualTo(Golden.ArpFromNeighbour));

    [TestCase(nameof(Golden.ArpForNobody), DropReason.ArpNoRoute)]
    [TestCase(nameof(Golden.ArpProbe), DropReason.ArpProbe)]
    [TestCase(nameof(Golden.ArpAnnouncement), DropReason.ArpProbe)]
    public void Other_requests_are_counted_and_not_answered(string name, DropReason reason)
    {
        var host = new Host();
        Assert.That(host.FromVif(1, (byte[])typeof(Golden).GetProperty(name)!.GetValue(null)!).Count, Is.Zero);
        Assert.That(host.Dropped(reason), Is.EqualTo(1));
    }
}
