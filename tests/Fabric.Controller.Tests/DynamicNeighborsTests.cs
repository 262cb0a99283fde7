using Fabric.Controller.Bgp;
using Fabric.Controller.Options;
using Fabric.Hosting.Configuration;
using Fabric.Primitives;

namespace Fabric.Controller.Tests;

public sealed class DynamicNeighborsTests
{
    private const string Options = """
        node: control1
        router-id: 192.0.2.1
        listen: 192.0.2.1
        groups:
          down: { admin-down: true }
        dynamic-neighbors:
          - { prefix: 198.51.100.0/24, as: 65001, families: [vpnv4], limit: 2 }
          - { prefix: 198.51.100.128/25, route-reflector-client: true }
          - { prefix: 203.0.113.0/24, group: down }
        """;

    private readonly DynamicNeighbors _neighbors = new(
        ControlNodeOptionsFile.Read(OptionsFile.Parse(Options, "control.yaml")).DynamicNeighbors
    );

    [Test]
    public void The_longest_prefix_decides_and_the_neighbour_is_passive()
    {
        var inner = _neighbors.Find(IpAddress.Parse("198.51.100.200"))!.Settings;
        var outer = _neighbors.Find(IpAddress.Parse("198.51.100.7"))!.Settings;

        Assert.That(
            (inner.AsNumber.Value, inner.Families.Count, inner.Passive, inner.RouteReflectorClient),
            Is.EqualTo((64512u, 2, true, true))
        );
        Assert.That(
            (outer.AsNumber.Value, outer.Families.Count, outer.Passive, outer.RouteReflectorClient),
            Is.EqualTo((65001u, 1, true, false))
        );
    }

    [TestCase("192.0.2.200", TestName = "An_address_outside_every_prefix_is_no_neighbour")]
    [TestCase("203.0.113.1", TestName = "A_prefix_that_is_down_takes_nobody")]
    public void Nobody(string address) => Assert.That(_neighbors.TryCreate(IpAddress.Parse(address), [], out _), Is.False);

    [Test]
    public void Each_prefix_has_its_own_limit()
    {
        var standing = new[] { "198.51.100.1", "198.51.100.2" }.Select(text => _neighbors.Find(IpAddress.Parse(text))!).ToList();

        Assert.That(_neighbors.TryCreate(IpAddress.Parse("198.51.100.7"), standing, out _), Is.False);
        Assert.That(_neighbors.TryCreate(IpAddress.Parse("198.51.100.7"), standing[..1], out _), Is.True);
        Assert.That(_neighbors.TryCreate(IpAddress.Parse("198.51.100.200"), standing, out _), Is.True);
    }
}
