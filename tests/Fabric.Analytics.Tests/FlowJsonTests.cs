using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;

namespace Fabric.Analytics.Tests;

[TestFixture]
public sealed class FlowJsonTests
{
    [Test]
    public void A_row_is_what_protobuf_writes_of_the_same_message() =>
        Prop.ForAll(
                FlowRows.Arbitrary,
                sample =>
                {
                    var (row, stamp) = sample;
                    return JsonNode.DeepEquals(
                        JsonNode.Parse(RowText.Of(row, stamp)),
                        JsonNode.Parse(JsonFormatter.Default.Format(row.ToMessage(stamp)))
                    );
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Test]
    public void Protobuf_reads_the_same_message_back() =>
        Prop.ForAll(
                FlowRows.Arbitrary,
                sample =>
                    JsonParser.Default.Parse<FlowRecord>(RowText.Of(sample.Row, sample.Stamp)).Equals(sample.Row.ToMessage(sample.Stamp))
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Test]
    public void A_row_reads_as_documented() =>
        Assert.That(
            RowText.Of(FlowRows.Sample, new EventStamp("host1", SourceKind.HostAgent, 1_764_000_000_000_000, 42, 0)),
            Is.EqualTo(
                """
                {"envelope":{"time":"2025-11-24T16:00:01.500Z","node":"host1","kind":"HOST_AGENT","epoch":"1764000000000000","sequence":"42"},
                "event":"END","session":"7","started":"2025-11-24T16:00:00Z",
                "initiator":{"address":"10.1.0.10","port":40000,"machine":"vm1","network":"default-domain:acme:red"},
                "responder":{"address":"10.1.0.11","port":443,"machine":"vm2","network":"default-domain:acme:red"},
                "protocol":6,"vrf":"default-domain:acme:red:red","sent":{"packets":"3","bytes":"180"},"received":{},
                "action":"DENY","policy":"acme:web","rule":"ingress 2","dropReason":"security-group-ingress","side":"RESPONDER_SIDE",
                "remoteHost":"192.0.2.11"}
                """.ReplaceLineEndings("")
            )
        );

    [Test]
    public void Rows_between_IPv4_addresses_allocate_nothing() =>
        Assert.That(RowText.Allocated(FlowRows.Sample, new EventStamp("host1", SourceKind.HostAgent, 1, 1, 1)), Is.Zero);
}
