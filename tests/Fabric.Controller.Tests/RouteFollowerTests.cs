using Fabric.Analytics;
using Fabric.Controller.Routes;
using Fabric.Controller.Streaming;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Testing;
using Fabric.Wire.Bgp;
using PeerKind = Fabric.Routing.PeerKind;

namespace Fabric.Controller.Tests;

/// <summary>When rows are made of routes: behind all other work, and only while the stream takes them.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RouteFollowerTests : IDisposable
{
    private static readonly AsNumber s_as = new(64512);
    private static readonly RouteDistinguisher s_rd = RouteDistinguisher.Parse("64512:9");

    private readonly ManualLoop _loop = new();
    private readonly RoutingCore _core = new(
        new RoutingOptions
        {
            LocalAs = s_as,
            RouterId = BgpIdentifier.Parse("192.0.2.1"),
            LocalAddress = IpAddress.Parse("192.0.2.1"),
        }
    );
    private readonly List<RouteEvent> _rows = [];
    private readonly RoutingPlane _plane;
    private int _room = int.MaxValue;

    public RouteFollowerTests()
    {
        _plane = new RoutingPlane(_core, _loop) { SpeakerWriter = new Nobody(), AgentWriter = new Nobody() };
        _plane.Follower = new RouteFollower(_plane, Publish, () => _room - _rows.Count, isBestOnly: false);
    }

    public void Dispose() => _plane.Follower?.Dispose();

    [Test]
    public void A_change_is_a_row_a_moment_later()
    {
        var p = Establish("p");
        Advertise(p, 0, 1);
        Assert.That(_rows, Is.Empty);

        _loop.Advance(TimeSpan.FromMilliseconds(10));

        Assert.That(_rows.Select(row => row.Change), Is.EqualTo(new[] { RouteChange.Added }));
    }

    [Test]
    public void Rows_are_made_in_shares_between_which_the_loop_serves_others()
    {
        var made = 0;
        Advertise(Establish("p"), 0, 300);
        _loop.Post(_ => _loop.Time.Advance(TimeSpan.FromMilliseconds(10)), 0);
        _loop.RunPosted();
        _rows.Clear();

        Advertise(Establish("q"), 0, 300);
        _loop.Time.Advance(TimeSpan.FromMilliseconds(10), () => _loop.Post(_ => _loop.Post(_ => made = _rows.Count, 0), 0));
        _loop.RunPosted();

        Assert.That(made, Is.EqualTo(64));
        Assert.That(_rows, Has.Count.EqualTo(300));
    }

    [Test]
    public void A_stream_without_room_is_waited_for_and_then_told_the_latest_state()
    {
        var p = Establish("p");
        _room = 5;
        Advertise(p, 0, 20);
        _loop.Advance(TimeSpan.FromSeconds(60));
        Assert.That(_rows, Has.Count.EqualTo(5));

        Advertise(p, 0, 20, med: 7);
        Withdraw(p, 10, 10);
        _room = int.MaxValue;
        _loop.Advance(TimeSpan.FromMilliseconds(20));

        Assert.That(_rows.Skip(5).Count(row => row.Change == RouteChange.Changed), Is.EqualTo(5));
        Assert.That(_rows.Skip(5).Where(row => row.Change == RouteChange.Added), Has.Exactly(5).Items);
        Assert.That(_rows.Skip(5).Select(row => row.MultiExitDiscriminator), Has.All.EqualTo(7));
    }

    [Test]
    public void While_tables_are_loaded_no_row_is_made_but_for_a_share_at_a_time_after_five_seconds()
    {
        var p = Establish("p");
        Load(p, TimeSpan.FromSeconds(4.9));
        Assert.That(_rows, Is.Empty);

        Load(p, TimeSpan.FromSeconds(1.1));
        Assert.That(_rows, Has.Count.InRange(64, 110 * 64));

        _rows.Clear();
        _loop.Advance(TimeSpan.FromMilliseconds(200));
        Assert.That(_rows.DistinctBy(row => row.Prefix).Count(), Is.EqualTo(_rows.Count));
        Assert.That(_core.HasChanges, Is.False);
    }

    [Test]
    public void While_others_are_told_a_table_no_row_is_made()
    {
        var p = Establish("p");
        Advertise(p, 0, 3000);
        _room = 0;
        _loop.Advance(TimeSpan.FromSeconds(1));
        _core.Establish(Definition("e", PeerKind.ExternalBgp));
        Changed();
        _room = int.MaxValue;

        _loop.Advance(TimeSpan.FromMilliseconds(90));
        Assert.That(_rows, Is.Empty);
        _loop.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(_rows, Has.Count.EqualTo(3000));
    }

    [Test]
    public void Rows_name_paths_so_that_who_replays_them_has_exactly_the_tables([Range(1, 30)] int seed)
    {
        var random = new Random(seed);
        var history = new TableHistory(_core, random);
        var held = new Dictionary<string, string>();
        for (var step = 0; step < 300; step++)
        {
            history.Step();
            Changed();
            _room = random.Next(3) == 0 ? _rows.Count + random.Next(3) : _room;
            _loop.Advance(TimeSpan.FromMilliseconds(random.Next(30)));
            if (random.Next(30) == 0)
            {
                _room = int.MaxValue;
                _loop.Advance(TimeSpan.FromMilliseconds(20));
                TableHistory.Replay(_rows, held);
                _rows.Clear();
                Assert.That(held, Is.EquivalentTo(history.Tables()), $"seed {seed} step {step}");
            }
        }
    }

    private void Load(PeerId peer, TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(10))
        {
            Advertise(peer, 0, 600, med: (uint)_loop.Time.GetTimestamp());
            _loop.Advance(TimeSpan.FromMilliseconds(10));
        }
    }

    private PeerId Establish(string name) => _core.Establish(Definition(name, PeerKind.InternalBgp));

    private static PeerDefinition Definition(string name, PeerKind kind) =>
        new()
        {
            Name = name,
            Kind = kind,
            RouterId = new BgpIdentifier(name[0]),
            Address = IpAddress.FromIpv4(name[0]),
            Families = [AddressFamily.Vpnv4],
        };

    private void Advertise(PeerId peer, uint first, int count, uint med = 0)
    {
        var attributes = new PathAttributes { NextHop = IpAddress.Parse("203.0.113.1"), MultiExitDisc = med };
        foreach (var prefix in Prefixes(first, count))
        {
            _core.Advertise(peer, s_rd, prefix, attributes, new MplsLabel(100));
        }

        Changed();
    }

    // The loop tells receivers before rows are thought of.
    private void Changed()
    {
        _plane.Changed();
        _loop.RunPosted();
    }

    private void Withdraw(PeerId peer, uint first, int count)
    {
        foreach (var prefix in Prefixes(first, count))
        {
            _core.Withdraw(peer, s_rd, prefix);
        }

        Changed();
    }

    private static IEnumerable<IpPrefix> Prefixes(uint first, int count) =>
        Enumerable.Range((int)first, count).Select(number => new IpPrefix(IpAddress.FromIpv4(0x0A00_0000u + (uint)number), 32));

    private void Publish(ReadOnlySpan<RouteRow> rows)
    {
        foreach (ref readonly var row in rows)
        {
            _rows.Add(row.ToMessage(new EventStamp("control1", SourceKind.ControlNode, 1, 1, 0)));
        }
    }

    private sealed class Nobody : IUpdateWriter
    {
        public void Write(ReadOnlySpan<RouteUpdate> run, UpdateBatch batch) { }
    }
}
