using Fabric.Lab.Checks;

namespace Fabric.Lab.Tests;

[TestFixture]
public sealed class FlowRowTests
{
    // The sample of docs/stream.md.
    private const string Sample = """
        {"envelope":{"time":"2025-11-24T16:00:01.500Z","node":"host1","kind":"HOST_AGENT","epoch":"1764000000000000","sequence":"42"},
         "event":"END","session":"7","started":"2025-11-24T16:00:00Z",
         "initiator":{"address":"10.1.0.10","port":40000,"machine":"vm1","network":"default-domain:acme:red"},
         "responder":{"address":"10.1.0.11","port":443,"machine":"vm2","network":"default-domain:acme:red"},
         "protocol":6,"vrf":"default-domain:acme:red:red","sent":{"packets":"3","bytes":"180"},"received":{},
         "action":"DENY","policy":"web","rule":"default-deny","dropReason":"SecurityGroupIngress","side":"RESPONDER_SIDE",
         "remoteHost":"192.0.2.11"}
        """;

    private static readonly DateTimeOffset s_arrival = new(2025, 11, 24, 16, 0, 1, 750, TimeSpan.Zero);

    [Test]
    public void A_row_says_who_was_refused_what_by_which_rule_and_how_long_ago()
    {
        var row = FlowRow.Parse(Sample, s_arrival);

        Assert.That((row.Node, row.Source, row.Destination, row.Port), Is.EqualTo(("host1", "10.1.0.10", "10.1.0.11", 443)));
        Assert.That((row.Action, row.Rule, row.Seconds), Is.EqualTo(("DENY", "web/default-deny", 1.75)));
    }

    [Test]
    public void Where_no_group_decided_there_is_no_rule() =>
        Assert.That(FlowRow.Parse(Sample.Replace("\"policy\":\"web\",\"rule\":\"default-deny\",", ""), s_arrival).Rule, Is.Empty);
}
