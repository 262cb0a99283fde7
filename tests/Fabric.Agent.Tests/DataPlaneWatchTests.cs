using Fabric.Agent.Inspection;
using Fabric.Hosting.Metrics;
using Microsoft.Extensions.Logging;

namespace Fabric.Agent.Tests;

/// <summary>A data plane that holds its connection and does nothing is an alarm within ten seconds.</summary>
public sealed class DataPlaneWatchTests
{
    private Fixture _fixture = null!;

    [SetUp]
    public void Connect()
    {
        _fixture = new Fixture(Fixture.First);
        _fixture.Start(Fixture.First, Fixture.DataPlane);
        _fixture.Open(Fixture.First);
    }

    [TearDown]
    public void Remove() => _fixture.Dispose();

    [Test]
    public void An_agent_asks_for_heartbeats_with_its_snapshot() =>
        Assert.That(_fixture.TakeBatches()[0], Has.Property("BeginSnapshot").True.And.Property("Heartbeats").True);

    [Test]
    public void A_data_plane_that_beats_is_not_stuck()
    {
        _fixture.TakeBatches();
        Beat(seconds: 60);

        Assert.That(_fixture.Node.Status().DataPlane.Stuck, Is.False);
        Assert.That(Alarms, Is.Zero);
    }

    [Test]
    public void A_heart_that_stops_is_told_within_ten_seconds_and_once()
    {
        _fixture.TakeBatches();
        Beat(seconds: 3);
        _fixture.Loop.Advance(TimeSpan.FromSeconds(4));
        Assert.That(_fixture.Node.Status().DataPlane.Stuck, Is.False);

        _fixture.Loop.Advance(TimeSpan.FromSeconds(5));
        Assert.That(_fixture.Node.Status().DataPlane, Has.Property("Stuck").True.And.Property("SilentSeconds").EqualTo(10));
        var text = new PrometheusText();
        AgentMetrics.Write(text, _fixture.Node.Status(), _fixture.Node.DataPlaneTimes);
        Assert.That(text.ToString(), Does.Contain("fabric_agent_data_plane_stuck 1"));

        _fixture.Loop.Advance(TimeSpan.FromSeconds(60));
        Assert.That(Alarms, Is.EqualTo(1));
    }

    [Test]
    public void Tables_that_are_not_answered_are_an_alarm_too_also_of_one_that_never_beat()
    {
        _fixture.Loop.Advance(TimeSpan.FromSeconds(10));

        Assert.That(_fixture.Node.Status().DataPlane.Stuck, Is.True);
    }

    [Test]
    public void A_data_plane_without_heartbeats_that_has_answered_owes_nothing()
    {
        _fixture.TakeBatches();
        _fixture.Loop.Advance(TimeSpan.FromMinutes(2));

        Assert.That(_fixture.Node.Status().DataPlane, Has.Property("Stuck").False.And.Property("SilentSeconds").Zero);
    }

    [Test]
    public void One_that_runs_again_is_told()
    {
        _fixture.TakeBatches();
        Beat(seconds: 1);
        _fixture.Loop.Advance(TimeSpan.FromSeconds(20));

        _fixture.Beat();

        Assert.That(_fixture.Node.Status().DataPlane.Stuck, Is.False);
        Assert.That(_fixture.Log.Lines[^1].Line, Does.Contain("runs again"));
    }

    private int Alarms => _fixture.Log.Lines.Count(static line => line.Level == LogLevel.Critical);

    private void Beat(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _fixture.Beat();
            _fixture.Loop.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
