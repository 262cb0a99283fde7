using Fabric.Analytics;
using Fabric.Model.Datapath;
using Fabric.Primitives;
using Google.Protobuf;

namespace Fabric.Agent.Tests.Streaming;

/// <summary>Reports of drops become rows of fabric.drops.</summary>
public sealed class DropReportTests
{
    private Fixture _fixture = null!;

    [SetUp]
    public void Run() => _fixture = Fixture.WithActivePort(Fixture.Port());

    [TearDown]
    public void Remove() => _fixture.Dispose();

    private IEnumerable<DropSample> Drops => _fixture.Events.OfType<DropSample>();

    [Test]
    public void A_packet_of_a_port_has_the_ports_names_and_the_rule_that_dropped_it()
    {
        var header = ByteString.CopyFrom(0x02, 0, 0, 0, 0, 0x0a);
        _fixture.Report(
            new Records
            {
                Drops =
                {
                    new DropReport
                    {
                        Time = Reports.Began,
                        Reason = "SecurityGroup",
                        Packets = 12,
                        Vif = 1,
                        Rule = "web/ingress 2",
                        Protocol = 6,
                        Source = IpAddress.Parse("10.1.0.9").Ipv4,
                        SourcePort = 40_000,
                        Destination = IpAddress.Parse("10.1.0.5").Ipv4,
                        DestinationPort = 22,
                        Length = 74,
                        Header = header,
                    },
                },
            }
        );

        Assert.That(
            Drops.Single(),
            Is.EqualTo(
                new DropSample
                {
                    Envelope = new Analytics.Envelope { Time = EventStamp.ToTimestamp(Reports.Began) },
                    Reason = "SecurityGroup",
                    Policy = "web",
                    Rule = "ingress 2",
                    Port = Fixture.PortId,
                    Machine = "vm-a",
                    Network = "default-domain:acme:red",
                    Vrf = Fixture.Red,
                    Protocol = 6,
                    SourceAddress = "10.1.0.9",
                    SourcePort = 40_000,
                    DestinationAddress = "10.1.0.5",
                    DestinationPort = 22,
                    Length = 74,
                    Header = header,
                    Packets = 12,
                }
            )
        );
    }

    [Test]
    public void Packets_for_nobody_that_the_kernel_dropped_have_a_reason_and_a_number_alone()
    {
        _fixture.Report(
            new Records
            {
                Drops =
                {
                    new DropReport { Reason = "UnknownLabel", Packets = 3 },
                },
            }
        );

        Assert.That(Drops.Single(), Is.EqualTo(new DropSample { Reason = "UnknownLabel", Packets = 3 }));
    }

    [Test]
    public void An_interface_that_never_was_is_counted_and_the_row_lacks_its_names()
    {
        _fixture.Report(
            new Records
            {
                Drops =
                {
                    new DropReport
                    {
                        Reason = "NoRoute",
                        Packets = 1,
                        Vif = 77,
                    },
                },
            }
        );

        Assert.That(Drops.Single(), Is.EqualTo(new DropSample { Reason = "NoRoute", Packets = 1 }));
        Assert.That(_fixture.Stream.Statistics(), Has.Property("Drops").EqualTo(1).And.Property("UnknownNames").EqualTo(1));
    }
}
