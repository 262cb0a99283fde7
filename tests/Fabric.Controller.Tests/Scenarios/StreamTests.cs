using System.Net;
using Fabric.Analytics;
using Fabric.Config;
using Fabric.Controller.Streaming;
using Fabric.Hosting.Loops;
using Fabric.Model.Config;
using Fabric.Primitives;
using Fabric.Runtime;
using Fabric.Simulation.Kernel;
using Fabric.Testing;
using Google.Protobuf.WellKnownTypes;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>What happens at a control node, as rows of the stream.</summary>
public sealed class StreamTests
{
    private readonly List<IStreamEvent> _rows = [];
    private Scene _scene = null!;
    private ControlStream _stream = null!;

    [SetUp]
    public void Begin()
    {
        _rows.Clear();
        _scene = new Scene(restartSeconds: 0);
        _stream = new ControlStream(Publish, _scene.Node, TimeProvider.System);
        _scene.Run();
        _scene.Apply(Scene.Router("gw", 21, AddressFamily.Vpnv4));
        _rows.Clear();
    }

    [TearDown]
    public void End() => _stream.Dispose();

    [Test]
    public void A_session_of_a_gateway_is_a_row_up_and_down_and_its_loss_an_alarm_until_it_is_back()
    {
        var gateway = _scene.Gateway("gw", 21, AddressFamily.Vpnv4).Connected();
        gateway.Crash();
        _scene.Run(300);
        gateway.Begin();
        _scene.Run(60);

        var sessions = _rows.OfType<SessionEvent>().ToList();
        Assert.That(
            sessions.Select(row => $"{row.OldState} {row.NewState}"),
            Is.EqualTo(new[] { "OpenConfirm Established", "Established Idle", "OpenConfirm Established" })
        );
        Assert.That(sessions[1].Reason, Is.Not.Empty);
        Assert.That(sessions[1].PeerAs, Is.EqualTo(64512));
        Assert.That(
            _rows.OfType<Alarm>().Select(row => $"{row.State} {row.Name} {row.Subject}"),
            Is.EqualTo(new[] { "Raised bgp-session-down gw", "Cleared bgp-session-down gw" })
        );
    }

    /// <summary>RFC 4271 section 6.2, RFC 5492 section 5.</summary>
    [TestCase("as", 2, "sent OPEN message error: bad peer AS")]
    [TestCase("family", 7, "sent OPEN message error: unsupported capability")]
    [TestCase("identifier", 3, "sent OPEN message error: bad BGP identifier")]
    public void A_session_that_never_comes_about_is_one_row_and_an_alarm_until_it_does(string wrong, int subcode, string reason)
    {
        var gateway = _scene.Gateway("gw", 21, AddressFamily.Vpnv4);
        var right = gateway.Options;
        gateway.Options = wrong switch
        {
            "as" => right with { LocalAs = new AsNumber(65099) },
            "family" => right with { Families = [AddressFamily.Ipv4Unicast] },
            _ => right with { LocalIdentifier = BgpIdentifier.Parse("192.0.2.1") },
        };
        gateway.Begin();
        _scene.Run(600);
        var detail = _scene.Inspector.Neighbors.Detail("gw")!;
        gateway.Crash();
        gateway.Options = right;
        _scene.Run(200);
        gateway.Connected();

        var sessions = _rows.OfType<SessionEvent>().ToList();
        Assert.That(
            sessions.Select(row => $"{row.OldState} {row.NewState} {row.Reason}"),
            Is.EqualTo(new[] { $"OpenSent Idle {reason}", "OpenConfirm Established " })
        );
        Assert.That((sessions[0].NotificationCode, sessions[0].NotificationSubcode), Is.EqualTo((2, subcode)));
        Assert.That(sessions.Select(row => row.FailedAttempts), Is.EqualTo(new[] { 1, 0 }));
        Assert.That(detail.LastEnd, Is.EqualTo(reason));
        Assert.That(detail.FailedAttempts, Is.GreaterThan(3));
        Assert.That(
            _rows.OfType<Alarm>().Select(row => $"{row.State} {row.Name} {row.Text}"),
            Is.EqualTo(
                new[]
                {
                    $"Raised bgp-session-down no session with gw comes about: {reason}",
                    "Cleared bgp-session-down the session with gw is established",
                }
            )
        );
    }

    /// <summary>RFC 4271 section 8.2.2, OpenSent: four minutes.</summary>
    [Test]
    public void A_neighbour_that_connects_and_says_nothing_is_a_row_and_an_alarm()
    {
        var loop = new SimLoop(_scene.Scheduler, new SimClock(_scene.Scheduler));
        _scene
            .Network.TransportOf("gw", IPAddress.Parse("192.0.2.21"))
            .Connect(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 179), null, loop, new SilentSpeaker());
        _scene.Run(300);

        var row = _rows.OfType<SessionEvent>().Single();
        Assert.That(
            (row.OldState, row.NewState, row.Reason, row.NotificationCode, row.SentByUs),
            Is.EqualTo(("OpenSent", "Idle", "sent hold timer expired", 4, true))
        );
        Assert.That(_rows.OfType<Alarm>().Single().Name, Is.EqualTo("bgp-session-down"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_neighbour_that_the_operator_takes_away_or_down_leaves_no_alarm(bool isDeleted)
    {
        var router = Scene.Router("gw", 21, AddressFamily.Vpnv4);
        _scene.Gateway("gw", 21, AddressFamily.Vpnv4).Connected();

        TakeAway(router, isDeleted);

        Assert.That(_rows.OfType<SessionEvent>().Last().NewState, Is.EqualTo("Idle"));
        Assert.That(
            _rows.OfType<Alarm>().Select(row => (row.State, row.Text)).LastOrDefault(),
            Is.EqualTo((AlarmState.Cleared, isDeleted ? "gw is no neighbour any more" : "gw was shut down by configuration"))
        );
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_neighbour_that_was_lost_before_the_operator_takes_it_away_or_down_leaves_no_alarm(bool isDeleted)
    {
        var router = Scene.Router("gw", 21, AddressFamily.Vpnv4);
        _scene.Gateway("gw", 21, AddressFamily.Vpnv4).Connected().Crash();
        _scene.Run(300);
        Assert.That(_rows.OfType<Alarm>().Last().State, Is.EqualTo(AlarmState.Raised));

        TakeAway(router, isDeleted);

        Assert.That(_rows.OfType<Alarm>().Last().State, Is.EqualTo(AlarmState.Cleared));
    }

    [Test]
    public void An_agent_that_goes_away_is_an_alarm()
    {
        _scene.Agent("host1", 11).Connected();
        _scene.Network.Crash("host1");
        _scene.Run(30);

        Assert.That(
            _rows.OfType<SessionEvent>().Take(2).Select(row => (row.Protocol, row.Established)),
            Is.EqualTo(new[] { (SessionProtocol.Xmpp, true), (SessionProtocol.Xmpp, false) })
        );
        Assert.That(_rows.OfType<Alarm>().First().Text, Does.StartWith("host1 is not connected: "));
    }

    [Test]
    public void A_request_is_audited_with_before_and_after_and_the_object_has_a_new_state()
    {
        _scene.Apply(new VirtualNetwork("red"));
        _rows.Clear();
        _scene.Apply(new VirtualNetwork("red", Mtu: 1400));

        var audit = _rows.OfType<ApiChange>().Single();
        Assert.That(
            (audit.Who, audit.Operation, audit.Kind, audit.Name),
            Is.EqualTo(("test", ApiOperation.Replace, "virtual-network", "red"))
        );
        Assert.That(audit.Before.Fields.ContainsKey("mtu"), Is.False);
        Assert.That(audit.After.Fields["mtu"].NumberValue, Is.EqualTo(1400));
        Assert.That(_rows.OfType<ObjectState>().Single().State, Is.EqualTo(audit.After));
    }

    [Test]
    public void A_refused_request_is_audited_with_the_refusal_and_changes_no_object()
    {
        _scene.Try(ConfigEdit.Put(new Subnet("s", "green", IpPrefix.Parse("10.1.0.0/24"))));

        var audit = _rows.OfType<ApiChange>().Single();
        Assert.That(audit.Revision, Is.Zero);
        Assert.That(audit.Refusal, Does.Contain("green"));
        Assert.That(_rows.OfType<ObjectState>(), Is.Empty);
    }

    /// <summary>With the faults of all in each row, two thousand objects are two million faults, and nothing else is left in the journal.</summary>
    [Test]
    public void Of_a_refused_request_each_row_has_the_faults_of_its_object_alone()
    {
        var wrong = Enumerable.Range(1, 2000).Select(number => ConfigEdit.Put(new VirtualNetwork($"!{number:D4}"), $"$[{number}]"));
        _scene.Try([ConfigEdit.Put(new VirtualNetwork("red"), "$[0]"), .. wrong]);

        var refusals = _rows.OfType<ApiChange>().Select(row => row.Refusal).ToList();
        Assert.That(refusals, Has.Count.EqualTo(1000));
        Assert.That(refusals[..3], Is.EqualTo(new[] { Refusal(1), Refusal(1), Refusal(2) }), "the first has no fault of its own");

        static string Refusal(int number) => $"$[{number}].name: '!{number:D4}' is not a name.";
    }

    [Test]
    public void A_new_run_tells_the_state_of_every_object()
    {
        _scene.Restart();
        _stream.Dispose();
        _stream = new ControlStream(Publish, _scene.Node, TimeProvider.System);
        _scene.Run();

        Assert.That(_rows.OfType<ObjectState>().Select(row => row.Key), Does.Contain("bgp-router//gw"));
    }

    [Test]
    public void The_node_itself_is_an_object_whose_state_follows_its_sessions_until_it_ends()
    {
        _scene.Gateway("gw", 21, AddressFamily.Vpnv4).Connected();
        _scene.Run(10);
        var up = LatestOfNode();
        _scene.Run(60);
        var rows = _rows.OfType<ObjectState>().Count(row => row.Kind == "node");
        _scene.Apply(Scene.Router("other", 22, AddressFamily.Vpnv4));
        _scene.Run(10);
        var other = LatestOfNode();
        _stream.Dispose();

        Assert.That(up.Fields["neighbors"].NumberValue, Is.EqualTo(1));
        Assert.That(up.Fields["neighbors-down"].ListValue.Values, Is.Empty);
        Assert.That(rows, Is.EqualTo(1), "nothing changed in a minute");
        Assert.That(other.Fields["neighbors-down"].ListValue.Values.Single().StringValue, Is.EqualTo("other"));
        Assert.That(other.Fields["running"].BoolValue, Is.True);
        Assert.That(LatestOfNode().Fields["running"].BoolValue, Is.False);
    }

    [Test]
    public void A_loop_that_hangs_is_an_alarm_until_it_runs_again()
    {
        var loop = new ManualLoop();
        using var watch = new LoopWatch("routing", "no route changes", loop, loop.Time, new ListLogger<LoopWatch>())
        {
            Changed = _stream.LoopChanged,
        }.Start();

        loop.Time.Advance(TimeSpan.FromSeconds(8));
        loop.Advance(TimeSpan.FromSeconds(1));

        var alarms = _rows.OfType<Alarm>().ToList();
        Assert.That(
            alarms.Select(row => (row.State, row.Severity)),
            Is.EqualTo(new[] { (AlarmState.Raised, AlarmSeverity.Critical), (AlarmState.Cleared, AlarmSeverity.Critical) })
        );
        Assert.That(alarms[0].Text, Is.EqualTo("the routing loop does not run: no route changes"));
        Assert.That(alarms[1].Raised, Is.EqualTo(alarms[0].Raised));
    }

    private void TakeAway(BgpRouter router, bool isDeleted)
    {
        if (isDeleted)
        {
            _scene.Delete(router);
        }
        else
        {
            _scene.Apply(router with { AdminDown = true });
        }

        _scene.Run(10);
    }

    private Struct LatestOfNode() => _rows.OfType<ObjectState>().Last(row => row.Key == "node//control1:control").State;

    private bool Publish(IStreamEvent row)
    {
        _rows.Add(row);
        return true;
    }

    private sealed class SilentSpeaker : IConnectionHandler
    {
        public void OnOpened(IConnection connection) { }

        public int OnReceived(IConnection connection, ReadOnlySpan<byte> bytes) => bytes.Length;

        public void OnWritable(IConnection connection) { }

        public void OnSecured(IConnection connection, IReadOnlyList<string> peerNames) { }

        public void OnClosed(IConnection connection, string reason) { }
    }
}
