using Fabric.Analytics;
using Fabric.Controller.Streaming;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Wire.Bgp;
using PeerKind = Fabric.Routing.PeerKind;

namespace Fabric.Controller.Tests;

/// <summary>Rows are made on the routing loop: what they leave behind would stop it for collections.</summary>
public sealed class RouteRowAllocationTests
{
    private const int Routes = 1000;

    private readonly RoutingCore _core = new(
        new RoutingOptions
        {
            LocalAs = new AsNumber(64512),
            RouterId = BgpIdentifier.Parse("192.0.2.1"),
            LocalAddress = IpAddress.Parse("192.0.2.1"),
        }
    );
    private readonly RouteRows _rows = new();
    private readonly List<PathChange> _changes = new(Routes);
    private readonly RouteRow[] _made = new RouteRow[Routes];

    [Test]
    public void Rows_of_VPN_routes_that_share_their_attributes_cost_no_allocation_each()
    {
        var peer = Establish();
        _core.WatchRoutes(isBestOnly: false);

        // The attributes are read and their words begun once; the rest is warming up.
        var octets = Enumerable.Range(0, 10).Min(round => AllocatedByRowsOf(peer, med: (uint)round));

        Assert.That(_made[^1], Has.Property("Change").EqualTo(RouteChange.Changed).And.Property("Peer").EqualTo("gw1"));
        Assert.That(octets / (double)Routes, Is.LessThan(4), "bytes a row");
    }

    private long AllocatedByRowsOf(PeerId peer, uint med)
    {
        var attributes = new PathAttributes { NextHop = IpAddress.Parse("203.0.113.1"), MultiExitDisc = med };
        for (var number = 0u; number < Routes; number++)
        {
            var prefix = new IpPrefix(IpAddress.FromIpv4(0x0A00_0000 + number), 32);
            _core.Advertise(peer, new RouteDistinguisher(9), prefix, attributes, new MplsLabel(100));
        }

        _changes.Clear();
        var before = GC.GetAllocatedBytesForCurrentThread();
        _core.ReadChanges(_changes, Routes);
        for (var i = 0; i < _changes.Count; i++)
        {
            _made[i] = _rows.RowOf(_changes[i]);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private PeerId Establish() =>
        _core.Establish(
            new PeerDefinition
            {
                Name = "bgp:gw1",
                Kind = PeerKind.InternalBgp,
                RouterId = new BgpIdentifier(2),
                Address = IpAddress.FromIpv4(2),
                Families = [AddressFamily.Vpnv4],
            }
        );
}
