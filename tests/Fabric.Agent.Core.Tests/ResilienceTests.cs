using Fabric.Model.Datapath;

namespace Fabric.Agent.Core.Tests;

public sealed class ResilienceTests
{
    private static readonly string[] Remote = ["192.0.2.12 33"];

    private static Lab Running() =>
        Lab.Started(View.Network("red", "10.1.0.0/24"), View.Port(View.PortA, "red", "10.1.0.5"))
            .Plug(View.PortA, "tap-a")
            .Learn(Lab.First, View.Red, "10.1.0.9/32", Remote)
            .Learn(Lab.First, View.Red, "10.1.0.10/32", Remote);

    [Test]
    public void Without_any_controller_everything_stays()
    {
        var lab = Running();
        lab.DataPlane.Touched.Clear();
        lab.Do(new ControllerDown(Lab.First)).Do(new StaleTimeout(Lab.First));
        Assert.That(lab.DataPlane.Touched, Is.Empty);
    }

    [Test]
    public void A_new_session_hears_everything_again_then_end_of_rib()
    {
        var lab = Running().Do(new ControllerDown(Lab.First));
        lab.Log.Clear();
        lab.Establish(Lab.First);
        Assert.That(
            lab.Log.Select(effect => effect.GetType()),
            Is.EqualTo([
                typeof(StartEndOfRibTimer),
                typeof(SubscribeConfig),
                typeof(SubscribeVrf),
                typeof(PublishRoute),
                typeof(SendEndOfRib),
                typeof(StartEndOfRibTimer),
            ])
        );
    }

    [Test]
    public void End_of_rib_of_the_new_session_sweeps_what_it_did_not_name()
    {
        var lab = Running().Do(new ControllerDown(Lab.First)).Establish(Lab.First).Learn(Lab.First, View.Red, "10.1.0.9/32", Remote);
        lab.DataPlane.Touched.Clear();
        lab.EndOfRib(Lab.First);
        Assert.That(lab.DataPlane.Touched, Is.EqualTo(["route 1 0a01000a/32"]));
    }

    /// <summary>It may have what nobody else knows, such as the routes of a gateway of its own; it is given its whole time to come back.</summary>
    [Test]
    public void End_of_rib_of_one_controller_sweeps_nothing_of_another_that_is_away([Values] bool isTimeOver)
    {
        var lab = Running().Do(new ControllerDown(Lab.First));
        lab = isTimeOver ? lab.Do(new StaleTimeout(Lab.First)) : lab;
        Assert.That(lab.RouteTo("10.1.0.9/32"), Is.Not.Null, "without any controller everything stays");

        lab.Establish(Lab.Second).EndOfRib(Lab.Second);

        Assert.That(lab.RouteTo("10.1.0.9/32"), isTimeOver ? Is.Null : Is.Not.Null);
    }

    [Test]
    public void A_controller_that_came_back_late_has_its_whole_time_when_it_is_lost_again()
    {
        var lab = Running().Do(new ControllerDown(Lab.First)).Do(new StaleTimeout(Lab.First)).Establish(Lab.First);
        lab.Learn(Lab.First, View.Red, "10.1.0.9/32", Remote).Do(new ControllerDown(Lab.First));

        lab.Establish(Lab.Second).EndOfRib(Lab.Second);

        Assert.That(lab.RouteTo("10.1.0.9/32"), Is.Not.Null);
    }

    [Test]
    public void A_session_without_end_of_rib_is_swept_by_its_timer()
    {
        var lab = Running().Do(new ControllerDown(Lab.First)).Establish(Lab.First).Do(new StaleTimeout(Lab.First));
        Assert.That(lab.RouteTo("10.1.0.9/32"), Is.Null);
    }

    /// <summary>The first controller hangs before it has configured the host; the second has said End-of-RIB to an agent that had nothing to say yet.</summary>
    [Test]
    public void An_end_of_rib_that_came_before_ours_is_waited_for_anew_when_ours_is_said()
    {
        var lab = new Lab().Do(new DataPlaneConnected()).Plug(View.PortA, "tap-a").Establish(Lab.First).Establish(Lab.Second);
        lab.EndOfRib(Lab.Second).Do(new StaleTimeout(Lab.Second)).Do(new ControllerDown(Lab.First));
        Assert.That(lab.Core.IsComplete, Is.False);
        lab.Log.Clear();

        lab.Configure(Lab.Second, View.Network("red", "10.1.0.0/24"), View.Port(View.PortA, "red", "10.1.0.5"));

        Assert.That(lab.Log, Has.Some.EqualTo(new SendEndOfRib(Lab.Second)));
        Assert.That(lab.Log.SkipWhile(effect => effect is not SendEndOfRib), Has.Some.EqualTo(new StartEndOfRibTimer(Lab.Second)));
        lab.Do(new StaleTimeout(Lab.Second));
        Assert.That(lab.DataPlane.SnapshotEnded, Is.True);
    }

    [Test]
    public void A_lost_controllers_paths_end_with_its_timer_when_another_has_said_all()
    {
        var lab = Running().Establish(Lab.Second).EndOfRib(Lab.Second).Do(new ControllerDown(Lab.First));
        Assert.That(lab.RouteTo("10.1.0.9/32"), Is.Not.Null);
        lab.Do(new StaleTimeout(Lab.First));
        Assert.That(lab.RouteTo("10.1.0.9/32"), Is.Null);
    }

    [Test]
    public void Config_is_taken_from_one_controller_and_from_the_other_after_its_loss()
    {
        var lab = Running().Establish(Lab.Second);
        lab.Do(new ConfigDeleted(Lab.Second, View.Port(View.PortA, "red", "10.1.0.5").Key));
        Assert.That(lab.DataPlane.Vifs, Is.Not.Empty, "the second is not the config peer");

        lab.Log.Clear();
        lab.Do(new ControllerDown(Lab.First));
        Assert.That(lab.Log, Does.Contain(new SubscribeConfig(Lab.Second)));
        lab.DataPlane.Touched.Clear();
        lab.Configure(Lab.Second, View.Network("red", "10.1.0.0/24"), View.Port(View.PortA, "red", "10.1.0.5"));
        Assert.That(lab.DataPlane.Touched, Is.Empty);
    }

    [Test]
    public void What_a_new_config_peer_does_not_name_is_gone_at_its_end_of_config()
    {
        var lab = Running().Do(new ControllerDown(Lab.First)).Establish(Lab.First);
        lab.Do(new ConfigUpdated(Lab.First, View.Network("red", "10.1.0.0/24")));
        Assert.That(lab.DataPlane.Vifs, Is.Not.Empty);
        lab.Do(new EndOfConfigReceived(Lab.First));
        Assert.That(lab.DataPlane.Vifs, Is.Empty);
    }

    [Test]
    public void A_restarted_agent_says_end_of_rib_only_after_its_config_has_come()
    {
        var lab = new Lab(Running().Allocations);
        lab.Plug(View.PortA, "tap-a").Establish(Lab.First);
        Assert.That(lab.Controllers[Lab.First].EndOfRibCount, Is.Zero);

        lab.Configure(Lab.First, View.Network("red", "10.1.0.0/24"), View.Port(View.PortA, "red", "10.1.0.5"));
        Assert.That(lab.Controllers[Lab.First].Routes, Has.Count.EqualTo(1));
        Assert.That(lab.Controllers[Lab.First].EndOfRibCount, Is.EqualTo(1));
    }

    [Test]
    public void A_restarted_agent_changes_nothing_in_a_data_plane_that_ran_on()
    {
        var before = Running();
        before.DataPlane.Touched.Clear();
        var lab = new Lab(before.Allocations, before.DataPlane);

        lab.Do(new DataPlaneConnected()).Plug(View.PortA, "tap-a").Establish(Lab.First);
        lab.Configure(Lab.First, View.Port(View.PortA, "red", "10.1.0.5"), View.Network("red", "10.1.0.0/24"));
        lab.Learn(Lab.First, View.Red, "10.1.0.10/32", Remote).Learn(Lab.First, View.Red, "10.1.0.9/32", Remote);
        Assert.That(lab.DataPlane.SnapshotEnded, Is.False);
        lab.EndOfRib(Lab.First);

        Assert.That(lab.DataPlane.SnapshotEnded, Is.True);
        Assert.That(lab.DataPlane.Touched, Is.Empty);
        Assert.That(lab.Controllers[Lab.First].Routes.Values, Is.EqualTo(before.Controllers[Lab.First].Routes.Values));
        Assert.That(lab.Controllers[Lab.First].Subscriptions, Is.EqualTo(before.Controllers[Lab.First].Subscriptions));
    }

    [Test]
    public void A_restarted_agent_removes_what_went_while_it_was_away()
    {
        var before = Running();
        var lab = new Lab(before.Allocations, before.DataPlane);
        lab.Do(new DataPlaneConnected()).Plug(View.PortA, "tap-a").Establish(Lab.First);
        lab.Configure(Lab.First, View.Port(View.PortA, "red", "10.1.0.5"), View.Network("red", "10.1.0.0/24"));
        Assert.That(lab.RouteTo("10.1.0.9/32"), Is.Not.Null);

        lab.EndOfRib(Lab.First);
        Assert.That(lab.RouteTo("10.1.0.9/32"), Is.Null);
    }

    // The first to tell all may be one whose configuration lags: what only the other one has would go, and come again.
    [Test]
    public void A_restarted_agent_removes_nothing_before_all_controllers_have_told_all([Values] bool isOtherUp)
    {
        var before = Running();
        before.DataPlane.Touched.Clear();
        var lab = new Lab(before.Allocations, before.DataPlane);
        lab.Do(new DataPlaneConnected()).Plug(View.PortA, "tap-a");
        lab.Do(new ControllerAwaited(Lab.First)).Do(new ControllerAwaited(Lab.Second)).Establish(Lab.First);
        lab = isOtherUp ? lab.Establish(Lab.Second) : lab;
        lab.Configure(Lab.First, View.Port(View.PortA, "red", "10.1.0.5"), View.Network("red", "10.1.0.0/24"));
        lab.Learn(Lab.First, View.Red, "10.1.0.9/32", Remote).EndOfRib(Lab.First);
        lab = isOtherUp ? lab : lab.Establish(Lab.Second);
        Assert.That(lab.DataPlane.SnapshotEnded, Is.False);

        lab.Learn(Lab.Second, View.Red, "10.1.0.10/32", Remote).EndOfRib(Lab.Second);
        Assert.That((lab.DataPlane.SnapshotEnded, lab.DataPlane.Touched), Is.EqualTo((true, Array.Empty<string>())));
    }

    [Test]
    public void A_controller_that_does_not_come_is_waited_for_no_longer_than_for_one_that_was_lost()
    {
        var lab = new Lab().Do(new ControllerAwaited(Lab.First)).Do(new ControllerAwaited(Lab.Second)).Do(new DataPlaneConnected());
        Assert.That(lab.Log, Does.Contain(new StartStaleTimer(Lab.Second)));
        lab.Establish(Lab.First).Configure(Lab.First).EndOfRib(Lab.First);
        Assert.That(lab.Core.IsComplete, Is.False);
        lab.Do(new StaleTimeout(Lab.Second));
        Assert.That(lab.DataPlane.SnapshotEnded, Is.True);
    }

    [Test]
    public void A_new_data_plane_gets_a_snapshot()
    {
        var before = Running();
        var expected = before.DataPlane.Tables.ToDictionary();
        before.DataPlane.Apply(
            new Model.Datapath.Batch
            {
                Generation = 1,
                BeginSnapshot = true,
                EndSnapshot = true,
            }
        );
        Assert.That(before.DataPlane.Tables, Is.Empty);

        before.Do(new DataPlaneDisconnected()).Do(new DataPlaneConnected());
        Assert.That(before.DataPlane.Tables, Is.EqualTo(expected));
    }

    [Test]
    public void A_snapshot_begins_with_what_the_data_plane_is_to_report()
    {
        var settings = new AgentSettings("host1", Lab.Own, 1500)
        {
            Flows = new FlowReporting(UpdateSeconds: 60, Sampling: 10, Starts: false),
        };
        var core = new AgentCore(settings, Allocation.Allocations.None);
        List<AgentEffect> effects = [];
        foreach (var group in (uint[])[1, 2])
        {
            core.Handle(new DataPlaneDisconnected(), effects);
            core.Handle(new DataPlaneConnected(), effects);
            core.Handle(new Flush(), effects);
            core.Handle(new ControllerEstablished(Lab.First), effects);
            core.Handle(new ConfigUpdated(Lab.First, View.Group($"g{group}", group)), effects);
            core.Handle(new EndOfConfigReceived(Lab.First), effects);
            core.Handle(new Flush(), effects);
        }

        var batches = effects.OfType<SendBatch>().Select(effect => effect.Batch).ToList();
        var wanted = new RecordSettings
        {
            UpdateSeconds = 60,
            Sampling = 10,
            NoStarts = true,
        };
        Assert.That(batches.Where(batch => batch.BeginSnapshot).Select(batch => batch.Records), Is.EqualTo([wanted, wanted]));
        Assert.That(batches.Where(batch => !batch.BeginSnapshot).Select(batch => batch.Records), Is.Not.Empty.And.All.Null);
    }

    [Test]
    public void An_agent_that_publishes_nothing_asks_for_no_reports()
    {
        var lab = Lab.Started(View.Group("g1", 1));
        Assert.That(lab.Log.OfType<SendBatch>().Select(effect => effect.Batch.Records), Is.Not.Empty.And.All.Null);
    }

    [Test]
    public void A_data_plane_that_does_not_answer_is_not_sent_more_than_a_window()
    {
        var core = new AgentCore(new AgentSettings("host1", Lab.Own, 1500), Allocation.Allocations.None);
        List<AgentEffect> effects = [];
        core.Handle(new DataPlaneConnected(), effects);
        core.Handle(new ControllerEstablished(Lab.First), effects);
        for (uint i = 0; i < 100; i++)
        {
            core.Handle(new ConfigUpdated(Lab.First, View.Group($"g{i}", i + 1)), effects);
            core.Handle(new EndOfConfigReceived(Lab.First), effects);
            core.Handle(new Flush(), effects);
        }

        var batches = effects.OfType<SendBatch>().ToList();
        Assert.That(batches, Has.Count.EqualTo(16));
        effects.Clear();
        core.Handle(new DataPlaneApplied(batches[^1].Batch.Generation, ""), effects);
        core.Handle(new Flush(), effects);
        Assert.That(effects.OfType<SendBatch>().Single().Batch.AccessLists, Has.Count.EqualTo(100 - 16));
    }

    /// <summary>What an operator would else be told is in sync.</summary>
    [Test]
    public void An_entry_that_the_data_plane_left_out_is_said_until_it_is_sent_all_again()
    {
        var lab = Lab.Started(View.Network("red", "10.1.0.0/24"), View.Port(View.PortA, "red", "10.1.0.5")).Plug(View.PortA, "tap-a");
        Assert.That(lab.Core.DataPlane.IsInSync, Is.True);

        lab.Do(new DataPlaneApplied(lab.Core.DataPlane.SentGeneration, "vif 1: a MAC address of 5 octets"));
        lab.Learn(Lab.First, View.Red, "10.1.0.9/32", "192.0.2.12 33");

        Assert.That((lab.Core.DataPlane.IsInSync, lab.Core.DataPlane.LastError), Is.EqualTo((false, "vif 1: a MAC address of 5 octets")));

        lab.Do(new DataPlaneDisconnected()).Do(new DataPlaneConnected());

        Assert.That((lab.Core.DataPlane.IsInSync, lab.Core.DataPlane.LastError), Is.EqualTo((true, "")));
    }
}
