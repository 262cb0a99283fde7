using Fabric.Agent.Core.Ports;
using Fabric.Agent.Streaming;
using Fabric.Analytics;
using Fabric.Model.Datapath;
using Fabric.Primitives;
using Google.Protobuf;

namespace Fabric.Agent.Tests.Streaming;

/// <summary>Reports of the data plane become rows of fabric.flows, with names in place of numbers.</summary>
public sealed class FlowReportTests
{
    private Fixture _fixture = null!;

    [SetUp]
    public void Run() => _fixture = Fixture.WithActivePort(Fixture.Port() with { DisplayName = "web-1" });

    [TearDown]
    public void Remove() => _fixture.Dispose();

    [Test]
    public void A_session_of_a_port_has_the_names_of_its_machine_network_vrf_and_rule()
    {
        var denied = Reports.Ended with
        {
            IsDenied = true,
            Rule = 4,
            Reason = 5,
            RemoteNetwork = 6,
            RemoteHost = IpAddress.Parse("192.0.2.12").Ipv4,
            Sampling = 10,
        };
        _fixture.Report(
            Reports
                .Of(denied)
                .With(Reports.Name(4, "web/ingress 2"), Reports.Name(5, "SecurityGroup"), Reports.Name(6, "default-domain:acme:blue"))
        );

        Assert.That(
            _fixture.Rows,
            Is.EqualTo([
                new FlowRow
                {
                    Time = Reports.Began + (2 * Reports.Second),
                    Event = FlowEvent.End,
                    Session = 7,
                    Started = Reports.Began,
                    Initiator = new FlowRowEndpoint(IpAddress.Parse("10.1.0.5"), 40_000, "web-1", "default-domain:acme:red"),
                    Responder = new FlowRowEndpoint(IpAddress.Parse("10.1.0.9"), 443, null, "default-domain:acme:blue"),
                    Protocol = 6,
                    Vrf = Fixture.Red,
                    SentPackets = 3,
                    SentBytes = 180,
                    ReceivedPackets = 2,
                    ReceivedBytes = 120,
                    Action = FlowAction.Deny,
                    Policy = "web",
                    Rule = "ingress 2",
                    DropReason = "SecurityGroup",
                    Side = FlowSide.InitiatorSide,
                    Sampling = 10,
                    RemoteHost = IpAddress.Parse("192.0.2.12"),
                },
            ])
        );
    }

    [TestCase(1u, 1u, FlowSide.BothSides)]
    [TestCase(1u, FlowReport.NoVif, FlowSide.InitiatorSide)]
    [TestCase(FlowReport.NoVif, 1u, FlowSide.ResponderSide)]
    [TestCase(FlowReport.NoVif, FlowReport.NoVif, FlowSide.Unspecified)]
    public void The_side_tells_whose_machine_is_on_this_host(uint initiator, uint responder, FlowSide side)
    {
        _fixture.Report(Reports.Of(Reports.Ended with { InitiatorVif = initiator, ResponderVif = responder }));

        Assert.That(_fixture.Rows.Single().Side, Is.EqualTo(side));
    }

    [TestCase("web/ingress 2", "web", "ingress 2")]
    [TestCase("acme:web/from 10.0.0.0/8", "acme:web", "from 10.0.0.0/8")]
    [TestCase("web/", "web", "")]
    [TestCase("web", "web", null)]
    public void A_rules_name_is_that_of_its_group_and_its_own(string name, string policy, string? rule)
    {
        _fixture.Report(Reports.Of(Reports.Ended with { Rule = 1 }).With(Reports.Name(1, name)));

        Assert.That(_fixture.Rows.Single(), Has.Property("Policy").EqualTo(policy).And.Property("Rule").EqualTo(rule));
    }

    [Test]
    public void A_session_that_ends_after_its_port_was_unplugged_has_the_ports_names()
    {
        _fixture.Loop.Run(() => _fixture.Node.Unplug(Fixture.PortId));
        Assert.That(_fixture.TakeBatches().Single().VifsRemoved, Is.EqualTo(new[] { 1u }));

        _fixture.Report(Reports.Of(Reports.Ended));

        Assert.That(_fixture.Rows.Single().Initiator, Has.Property("Machine").EqualTo("web-1"));
        Assert.That(_fixture.Rows.Single().Vrf, Is.EqualTo(Fixture.Red));
    }

    [Test]
    public void Names_of_a_connection_hold_for_later_reports_and_a_number_stands_for_its_newest_name()
    {
        var report = Reports.Of(Reports.Ended with { Rule = 3 });
        _fixture.Report(report.Clone().With(Reports.Name(3, "web/a")));
        _fixture.Report(report);
        _fixture.Report(report.Clone().With(Reports.Name(3, "web/b")));

        Assert.That(_fixture.Rows.Select(row => row.Rule), Is.EqualTo(["a", "a", "b"]));
    }

    [Test]
    public void A_data_plane_that_connects_again_numbers_anew()
    {
        _fixture.Report(Reports.Of(Reports.Ended with { Rule = 3 }).With(Reports.Name(3, "web/a")));
        _fixture.LoseDataPlane();
        _fixture.Loop.Advance(TimeSpan.FromSeconds(2));

        _fixture.Report(Reports.Of(Reports.Ended with { Rule = 3 }, Reports.Ended with { Rule = 4 }).With(Reports.Name(4, "web/a")));

        Assert.That(_fixture.Rows.Select(row => row.Rule), Is.EqualTo(["a", null, "a"]));
        Assert.That(_fixture.Stream.Statistics().UnknownNames, Is.EqualTo(1));
    }

    [Test]
    public void Numbers_without_a_name_are_counted_and_the_row_lacks_the_name()
    {
        _fixture.Report(Reports.Of(Reports.Ended with { InitiatorVif = 9, Vrf = 8, Rule = 7 }));

        var row = _fixture.Rows.Single();
        Assert.That(
            (row.Initiator.Machine, row.Initiator.Network, row.Vrf, row.Policy, row.Rule),
            Is.EqualTo(default((string?, string?, string?, string?, string?)))
        );
        Assert.That(row.Side, Is.EqualTo(FlowSide.InitiatorSide));
        Assert.That(_fixture.Stream.Statistics().UnknownNames, Is.EqualTo(3));
    }

    [Test]
    public void Between_blocks_of_addresses_an_end_has_its_length()
    {
        _fixture.Report(Reports.Of(Reports.Ended with { InitiatorLength = 24, ResponderLength = 32 }));

        var row = _fixture.Rows.Single();
        Assert.That((row.Initiator.PrefixLength, row.Responder.PrefixLength), Is.EqualTo((24, 0)));
    }

    public static IEnumerable<FlowReport> Bad() =>
        [
            Reports.Ended with
            {
                Event = default,
            },
            Reports.Ended with
            {
                Event = (FlowReportEvent)4,
            },
            Reports.Ended with
            {
                Time = -1,
            },
            Reports.Ended with
            {
                Started = long.MaxValue,
            },
            Reports.Ended with
            {
                InitiatorLength = 33,
            },
            Reports.Ended with
            {
                ResponderLength = 255,
            },
        ];

    [TestCaseSource(nameof(Bad))]
    public void A_report_that_is_none_is_counted_and_passed_over(FlowReport bad)
    {
        _fixture.Report(Reports.Of(bad, Reports.Ended));

        Assert.That(_fixture.Rows, Has.Count.EqualTo(1));
        Assert.That(_fixture.Stream.Statistics(), Has.Property("Flows").EqualTo(1).And.Property("Malformed").EqualTo(1));
    }

    [Test]
    public void Reports_of_which_one_is_cut_are_counted_and_the_connection_stays()
    {
        var cut = Reports.Of(Reports.Ended, Reports.Ended).Flows.Span[..^1].ToArray();
        _fixture.Report(new Records { Flows = ByteString.CopyFrom(cut) });

        Assert.That(_fixture.Rows, Is.Empty);
        Assert.That(_fixture.Stream.Statistics().Malformed, Is.EqualTo(2));
        Assert.That(_fixture.Node.Status().DataPlane.Connected, Is.True);
    }

    [Test]
    public void A_name_for_number_0_is_counted()
    {
        _fixture.Report(new Records().With(Reports.Name(0, "web/a")));

        Assert.That(_fixture.Stream.Statistics().Malformed, Is.EqualTo(1));
    }

    [Test]
    public void More_reports_than_a_span_holds_come_in_several_spans_to_stream_and_exporter()
    {
        List<int> spans = [];
        _fixture.Stream.Flows.Exporter = rows => spans.Add(rows.Length);

        _fixture.Report(Reports.Of([.. Enumerable.Repeat(Reports.Ended, 1100)]));

        Assert.That(_fixture.Rows, Has.Count.EqualTo(1100));
        Assert.That(spans, Is.EqualTo([512, 512, 76]));
    }

    [Test]
    public void A_report_costs_no_allocation()
    {
        const int Reported = 500;
        const int Frames = 100;
        using var agent = new AgentStream("host1", _fixture.Loop, new StreamOutlet(_ => true, _ => { }, _ => { }));
        var records = Reports.Of([.. Enumerable.Repeat(Reports.Ended with { Rule = 1 }, Reported)]);
        agent.BatchSent(new Batch { EndSnapshot = true }, new Dictionary<string, ActivePort>());
        agent.RecordsReceived(records.Clone().With(Reports.Name(1, "web/http")));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Frames; i++)
        {
            agent.RecordsReceived(records);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(Reported * Frames));
    }

    [Test]
    public void What_the_data_plane_lost_in_this_run_is_told_to_the_stream()
    {
        // 12 from before, 3 more; then a data plane that has started again and has lost 2.
        foreach (var lost in (ulong[])[12, 15, 15, 2])
        {
            _fixture.Report(new Records { FlowsLost = lost });
        }

        Assert.That(_fixture.LostRows, Is.EqualTo(3 + 2));
        Assert.That(_fixture.Stream.Statistics().Lost, Is.EqualTo(2));
    }
}
