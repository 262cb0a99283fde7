using Fabric.Model.Datapath;

namespace Fabric.Agent.Tests.Streaming;

/// <summary>Right after its start an agent does not know its ports: what is reported then waits for their names, not for long.</summary>
public sealed class RecordHoldTests
{
    private Fixture _fixture = null!;

    [SetUp]
    public void Begin()
    {
        _fixture = new Fixture(Fixture.First);
        _fixture.Start(Fixture.First, Fixture.DataPlane);
        _fixture.Open(Fixture.First);
        _fixture.Plug(Fixture.Port());
        _fixture.Report(Reports.Of(Reports.Ended));
    }

    [TearDown]
    public void Remove() => _fixture.Dispose();

    [Test]
    public void Reports_wait_for_the_names_of_the_ports()
    {
        Assert.That(_fixture.Rows, Is.Empty);

        _fixture.Configure(Fixture.First);
        _fixture.EndOfRib(Fixture.First);
        Assert.That(_fixture.Rows.Select(row => row.Initiator.Machine), Is.EqualTo(["vm-a"]));

        _fixture.Report(Reports.Of(Reports.Ended));
        Assert.That(_fixture.Rows, Has.Count.EqualTo(2));
    }

    [Test]
    public void Without_a_configuration_they_go_on_after_ten_seconds()
    {
        _fixture.Loop.Advance(TimeSpan.FromSeconds(9));
        Assert.That(_fixture.Rows, Is.Empty);
        _fixture.Loop.Advance(TimeSpan.FromSeconds(2));
        Assert.That(_fixture.Rows, Has.Count.EqualTo(1));
    }

    [Test]
    public void Too_many_go_on_at_once()
    {
        _fixture.Report(Reports.Of([.. Enumerable.Repeat(Reports.Ended, 30_000)]));
        Assert.That(_fixture.Rows, Is.Empty);
        _fixture.Report(Reports.Of([.. Enumerable.Repeat(Reports.Ended, 36_000)]));
        Assert.That(_fixture.Rows, Has.Count.EqualTo(66_001));
    }

    [Test]
    public void Messages_without_a_report_are_not_held_for_ever_either()
    {
        for (var i = 0; i < 66_000; i++)
        {
            _fixture.Loop.Run(() => _fixture.Stream.RecordsReceived(new Records()));
        }

        Assert.That(_fixture.Rows, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_connection_that_ends_lets_its_reports_go_on_with_its_own_names()
    {
        _fixture.Report(Reports.Of(Reports.Ended with { Rule = 1 }).With(Reports.Name(1, "web/a")));
        _fixture.LoseDataPlane();
        _fixture.Loop.Advance(TimeSpan.FromSeconds(2));

        Assert.That(_fixture.Rows.Select(row => row.Rule), Is.EqualTo([null, "a"]));
    }
}
