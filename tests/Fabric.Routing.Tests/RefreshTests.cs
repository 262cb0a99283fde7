using Fabric.Primitives;

namespace Fabric.Routing.Tests;

/// <summary>Routes again (RFC 2918), with marks around them (RFC 7313). q asks; what it is told stands in the messages.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RefreshTests
{
    private const string Low = "q: +64512:9:10.1.0.0/16";
    private const string High = "q: +64512:9:10.2.0.0/16";
    private const string Begin = "q: begin vpnv4";
    private const string End = "q: done vpnv4";

    private readonly Fixture _fixture = new(clusterId: 7);
    private readonly PeerId _p;
    private readonly PeerId _q;

    public RefreshTests()
    {
        _p = _fixture.Internal("p", client: true);
        _q = _fixture.Internal("q", client: true);
        _fixture.Vpn(_p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        _fixture.Vpn(_p, "64512:9", "10.2.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        _fixture.Vpn(_p, "64512:9", "2001:db8::/32", Fixture.Attributes("203.0.113.1", "1"));
        Told();
    }

    [Test]
    public void A_plain_refresh_is_the_routes_of_the_family()
    {
        _fixture.Core.Refresh(_q, AddressFamily.Vpnv4);

        Assert.That(Told(), Is.EqualTo([Low, High]));
    }

    [Test]
    public void A_marked_refresh_has_the_routes_of_the_family_between_its_marks()
    {
        _fixture.Core.Refresh(_q, AddressFamily.Vpnv4, isMarked: true);

        Assert.That(Told(), Is.EqualTo([Begin, Low, High, End]));
        Assert.That(Told(), Is.Empty);
    }

    [Test]
    public void A_family_without_routes_has_marks_all_the_same()
    {
        _fixture.Withdraw(_p, "64512:9", "2001:db8::/32");
        Told();

        _fixture.Core.Refresh(_q, AddressFamily.Vpnv6, isMarked: true);

        Assert.That(Told(), Is.EqualTo(["q: begin vpnv6", "q: done vpnv6"]));
    }

    [Test]
    public void The_marks_wait_for_End_of_RIB()
    {
        var r = _fixture.Internal("r", client: true);

        _fixture.Core.Refresh(r, AddressFamily.Vpnv4, isMarked: true);

        var told = Told();
        Assert.That(told.IndexOf("r: end vpnv4"), Is.GreaterThanOrEqualTo(3).And.LessThan(told.IndexOf("r: begin vpnv4")));
        Assert.That(told[^1], Is.EqualTo("r: done vpnv4"));
    }

    [Test]
    public void A_blocked_peer_gets_the_end_behind_the_routes_that_it_missed()
    {
        _fixture.Core.Refresh(_q, AddressFamily.Vpnv4, isMarked: true);
        Assert.That(ReadOnce(), Is.EqualTo([Begin]));
        _fixture.Core.SetBlocked(_q, true);
        Assert.That(Told(), Is.Empty);

        _fixture.Core.SetBlocked(_q, false);

        Assert.That(Told(), Is.EqualTo([Low, High, End]));
    }

    [Test]
    public void Whoever_asks_again_on_the_way_begins_anew_and_has_one_end()
    {
        _fixture.Core.Refresh(_q, AddressFamily.Vpnv4, isMarked: true);
        ReadOnce();

        _fixture.Core.Refresh(_q, AddressFamily.Vpnv4, isMarked: true);

        Assert.That(Told(), Is.EqualTo([Begin, Low, High, End]));
    }

    [Test]
    public void A_refresh_goes_on_in_another_group()
    {
        _fixture.Core.Refresh(_q, AddressFamily.Vpnv4, isMarked: true);
        ReadOnce();

        var definition = _fixture.Core.Peers.Single(p => p.Id == _q).Definition;
        _fixture.Core.Redefine(_q, definition with { IsShuttingDownGracefully = true });

        Assert.That(Told(), Is.EqualTo([Low, High, "q: +64512:9:2001:db8::/32", End]));
    }

    [Test]
    public void What_a_peer_does_not_send_again_between_its_marks_goes()
    {
        _fixture.Core.BeginRefresh(_p, AddressFamily.Vpnv4);
        _fixture.Vpn(_p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        _fixture.Core.SweepStale(_p, AddressFamily.Vpnv4);

        Assert.That(Told(), Is.EqualTo(["q: -64512:9:10.2.0.0/16"]));
        Assert.That(_fixture.Core.VpnRoutes.SelectMany(r => r.Paths).Select(p => p.IsStale), Is.EqualTo([false, false]));
    }

    private List<string> ReadOnce()
    {
        _fixture.Read(maxUpdates: 1);
        return Take();
    }

    private List<string> Told()
    {
        _fixture.Drain();
        return Take();
    }

    private List<string> Take()
    {
        var told = _fixture.Messages.ToList();
        _fixture.Messages.Clear();
        return told;
    }
}
