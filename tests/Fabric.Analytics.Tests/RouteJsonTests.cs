using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;

namespace Fabric.Analytics.Tests;

[TestFixture]
public sealed class RouteJsonTests
{
    [Test]
    public void A_row_is_what_protobuf_writes_of_the_same_message_member_by_member() =>
        Prop.ForAll(
                RouteRows.Arbitrary,
                sample =>
                    Plain(RowText.Of(sample.Row, sample.Stamp)) == Plain(JsonFormatter.Default.Format(sample.Row.ToMessage(sample.Stamp)))
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Test]
    public void Protobuf_reads_the_same_message_back() =>
        Prop.ForAll(
                RouteRows.Arbitrary,
                sample =>
                    JsonParser.Default.Parse<RouteEvent>(RowText.Of(sample.Row, sample.Stamp)).Equals(sample.Row.ToMessage(sample.Stamp))
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Test]
    public void A_row_of_defaults_has_but_its_time_and_prefix() =>
        Assert.That(
            RowText.Of(new RouteRow { OtherPrefix = "x" }, new EventStamp("", default, 0, 0, 0)),
            Is.EqualTo("""{"envelope":{"time":"1970-01-01T00:00:00Z"},"prefix":"x"}""")
        );

    [Test]
    public void A_row_reads_as_documented() =>
        Assert.That(
            RowText.Of(
                RouteRows.Sample,
                new EventStamp("control1", SourceKind.ControlNode, 1_764_000_000_000_000, 7, 1_764_000_002_011_000)
            ),
            Is.EqualTo(
                """
                {"envelope":{"time":"2025-11-24T16:00:02.011Z","node":"control1","kind":"CONTROL_NODE","epoch":"1764000000000000","sequence":"7"},
                "change":"ADDED","table":"default-domain:acme:red:red","family":"ipv4","prefix":"203.0.113.0/24","routeDistinguisher":"192.0.2.21:1",
                "peer":"gw1","peerKind":"BGP_PEER","nextHop":"192.0.2.21","labels":[100],"origin":"IGP","asPath":"65001 65002","localPreference":100,
                "routeTargets":["target:64512:8000002"],"best":true,"importedFrom":"bgp.l3vpn.0"}
                """.ReplaceLineEndings("")
            )
        );

    [Test]
    public void Rows_of_IPv4_routes_with_attributes_that_were_written_before_allocate_nothing() =>
        Assert.That(RowText.Allocated(RouteRows.Sample, new EventStamp("control1", SourceKind.ControlNode, 1, 1, 1)), Is.Zero);

    // Members in their order, without what each writer likes between them and escapes beyond need.
    private static string Plain(string json) => JsonNode.Parse(json)!.ToJsonString();
}
