using Fabric.Analytics;

namespace Fabric.Agent.Tests.Streaming;

/// <summary>What is wrong at a host is told, and what ended it; a restart of the other side is no alarm.</summary>
public sealed class AlarmTests
{
    private Fixture _fixture = null!;

    [SetUp]
    public void Run()
    {
        _fixture = new Fixture(Fixture.First, Fixture.Second);
        _fixture.Start(Fixture.First, Fixture.Second, Fixture.DataPlane);
        _fixture.Open(Fixture.First);
        _fixture.Open(Fixture.Second);
        _fixture.Beat();
    }

    [TearDown]
    public void Remove() => _fixture.Dispose();

    private IEnumerable<string> Alarms => _fixture.Events.OfType<Alarm>().Select(alarm => $"{alarm.Name} {alarm.State} {alarm.Subject}");

    [Test]
    public void A_host_that_has_all_it_needs_has_no_alarm()
    {
        Beat(seconds: 60);
        Assert.That(Alarms, Is.Empty);
    }

    [Test]
    public void A_data_plane_that_stays_away_is_an_alarm_until_it_connects()
    {
        _fixture.Transport.Served.Remove(Fixture.DataPlane);
        _fixture.LoseDataPlane();
        Advance(seconds: 7);
        Assert.That(Alarms, Is.Empty);

        Advance(seconds: 2);
        Assert.That(Alarms, Is.EqualTo(["data-plane-away Raised host1"]));

        _fixture.Transport.Served.Add(Fixture.DataPlane);
        Advance(seconds: 2);
        Assert.That(Alarms, Is.EqualTo(["data-plane-away Raised host1", "data-plane-away Cleared host1"]));
    }

    [Test]
    public void A_data_plane_that_restarts_is_none()
    {
        _fixture.LoseDataPlane();
        for (var second = 0; second < 20; second++)
        {
            Advance(seconds: 1);
            _fixture.Beat();
        }

        Assert.That(Alarms, Is.Empty);
    }

    [Test]
    public void A_data_plane_that_hangs_is_an_alarm_within_ten_seconds_and_it_ends_with_a_sign_of_life()
    {
        Advance(seconds: 10);
        Assert.That(Alarms, Is.EqualTo(["data-plane-stuck Raised host1"]));

        _fixture.Beat();
        Assert.That(Alarms.Last(), Is.EqualTo("data-plane-stuck Cleared host1"));
    }

    [Test]
    public void A_data_plane_that_hung_and_went_is_away_and_hangs_no_more()
    {
        Advance(seconds: 10);
        _fixture.Transport.Served.Remove(Fixture.DataPlane);
        _fixture.LoseDataPlane();
        Advance(seconds: 9);

        Assert.That(
            Alarms,
            Is.EqualTo(["data-plane-stuck Raised host1", "data-plane-stuck Cleared host1", "data-plane-away Raised host1"])
        );
    }

    [Test]
    public void Only_the_loss_of_all_controllers_is_an_alarm_and_one_that_is_back_ends_it()
    {
        Lose(Fixture.First);
        Beat(seconds: 60);
        Assert.That(Alarms, Is.Empty);

        Lose(Fixture.Second);
        Beat(seconds: 14);
        Assert.That(Alarms, Is.Empty);
        Beat(seconds: 2);
        Assert.That(Alarms, Is.EqualTo(["controllers-away Raised host1"]));

        _fixture.Transport.Served.Add(Fixture.First);
        // Tries of a session are further and further apart.
        for (var second = 0; second < 300 && _fixture.Transport.Last(Fixture.First).IsClosed; second++)
        {
            Beat(seconds: 1);
        }

        _fixture.Open(Fixture.First);
        Assert.That(Alarms.Last(), Is.EqualTo("controllers-away Cleared host1"));
    }

    [Test]
    public void A_host_that_never_reaches_its_data_plane_and_its_controllers_says_so()
    {
        using var fixture = new Fixture(Fixture.First);
        fixture.Start();
        fixture.Loop.Advance(TimeSpan.FromSeconds(20));

        Assert.That(fixture.Events.OfType<Alarm>().Select(alarm => alarm.Name), Is.EqualTo(["data-plane-away", "controllers-away"]));
    }

    [Test]
    public void A_session_that_comes_and_goes_is_two_rows_with_the_reason()
    {
        Lose(Fixture.First);

        Assert.That(
            _fixture
                .Events.OfType<SessionEvent>()
                .Where(row => row.Peer == Fixture.First)
                .Select(row => $"{row.Protocol} {row.PeerAddress} {row.OldState} {row.NewState} {row.Established} {row.Reason}"),
            Is.EqualTo(["Xmpp 192.0.2.1 Connecting Established True ", "Xmpp 192.0.2.1 Established Closed False Connection reset by peer"])
        );
    }

    private void Lose(string controller)
    {
        _fixture.Transport.Served.Remove(controller);
        _fixture.Transport.Last(controller).End("Connection reset by peer");
        _fixture.Loop.RunPosted();
    }

    private void Advance(int seconds) => _fixture.Loop.Advance(TimeSpan.FromSeconds(seconds));

    private void Beat(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            Advance(seconds: 1);
            _fixture.Beat();
        }
    }
}
