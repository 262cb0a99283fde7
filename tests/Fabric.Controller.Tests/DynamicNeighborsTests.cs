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
        dynamic-neighbors:
          - { prefix: 198.51.100.0/24, as: 65001, families: [vpnv4] }
          - { prefix: 198.51.100.128/25 }
        """;

    private readonly DynamicNeighbors _neighbors = new(ControlNodeOptionsFile.Read(OptionsFile.Parse(Options, "control.yaml")));

    [Test]
    public void The_longest_prefix_decides_and_the_neighbour_is_passive()
    {
        Assert.That(_neighbors.TryCreate(IpAddress.Parse("198.51.100.200"), existing: 0, out var inner), Is.True);
        Assert.That(_neighbors.TryCreate(IpAddress.Parse("198.51.100.7"), existing: 0, out var outer), Is.True);

        Assert.That((inner!.AsNumber.Value, inner.Families.Count, inner.Passive), Is.EqualTo((64512u, 2, true)));
        Assert.That((outer!.AsNumber.Value, outer.Families.Count, outer.Passive), Is.EqualTo((65001u, 1, true)));
    }

    [Test]
    public void An_address_outside_every_prefix_is_no_neighbour() =>
        Assert.That(_neighbors.TryCreate(IpAddress.Parse("203.0.113.1"), existing: 0, out _), Is.False);

    [Test]
    public void There_is_a_limit() => Assert.That(_neighbors.TryCreate(IpAddress.Parse("198.51.100.7"), existing: 256, out _), Is.False);
}
