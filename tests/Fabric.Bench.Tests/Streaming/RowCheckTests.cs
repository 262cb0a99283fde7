using Fabric.Bench.Streaming;

namespace Fabric.Bench.Tests.Streaming;

[TestFixture]
public sealed class RowCheckTests
{
    // Session 20 of the feed, in the words of docs/stream.md.
    private const string Right = """
        {"envelope":{"time":"2026-01-01T00:00:01.500Z","node":"host","kind":"HOST_AGENT","epoch":"1","sequence":"120"},
        "event":"END","session":"20","started":"2025-01-01T00:00:00Z",
        "initiator":{"address":"10.77.0.10","port":1044,"machine":"vm1","network":"net"},
        "responder":{"address":"10.78.0.21","port":443,"network":"net"},
        "protocol":6,"vrf":"vrf","sent":{"packets":"21","bytes":"80"},"received":{"packets":"21","bytes":"80"},
        "action":"DENY","policy":"web","rule":"default-deny","dropReason":"SecurityGroupEgress","side":"INITIATOR_SIDE","remoteHost":"192.0.2.12"}
        """;

    // Session 21, which is allowed.
    private static readonly string s_next = Right
        .Replace("\"120\"", "\"121\"")
        .Replace("\"session\":\"20\"", "\"session\":\"21\"")
        .Replace("END", "START")
        .Replace("1044", "1045")
        .Replace("10.78.0.21", "10.78.0.22")
        .Replace("\"21\",\"bytes\":\"80\"", "\"22\",\"bytes\":\"81\"")
        .Replace("DENY", "ALLOW")
        .Replace("default-deny", "allow-https")
        .Replace("\"dropReason\":\"SecurityGroupEgress\",", "");

    private readonly ReportedHost _host = new(Vif: 7, Vrf: 3, VrfName: "vrf", Network: "net", Machine: "vm1");

    [Test]
    public void Rows_as_they_were_reported_are_counted()
    {
        var check = new RowCheck(_host, isWhole: true);

        check.Take(Right);
        check.Take(s_next);

        Assert.That(check.Count, Is.EqualTo(2));
    }

    [TestCase("vm1", "vm2", TestName = "Another_machine_is_found")]
    [TestCase("default-deny", "allow-https", TestName = "Another_rule_is_found")]
    [TestCase("\"packets\":\"21\"", "\"packets\":\"20\"", TestName = "A_wrong_count_is_found")]
    [TestCase("10.78.0.21", "10.78.0.22", TestName = "Another_address_is_found")]
    [TestCase("\"dropReason\":\"SecurityGroupEgress\",", "", TestName = "A_missing_reason_is_found")]
    [TestCase("\"vrf\":\"vrf\",", "", TestName = "A_missing_name_is_found")]
    public void What_is_not_as_it_was_reported_is_found(string part, string otherwise) =>
        Assert.That(
            () => new RowCheck(_host, isWhole: true).Take(Right.Replace(part, otherwise)),
            Throws.TypeOf<BenchException>().With.Message.Contains("session 20")
        );

    [Test]
    public void A_row_that_is_missing_between_two_is_found()
    {
        var check = new RowCheck(_host, isWhole: true);
        check.Take(Right);

        Assert.That(() => check.Take(s_next.Replace("\"121\"", "\"122\"")), Throws.TypeOf<BenchException>());
    }

    [Test]
    public void A_row_that_comes_twice_is_found()
    {
        var check = new RowCheck(_host, isWhole: true);
        check.Take(Right);

        Assert.That(() => check.Take(Right), Throws.TypeOf<BenchException>());
    }

    [Test]
    public void Rows_may_be_left_out_unread_but_not_lost()
    {
        var check = new RowCheck(_host, isWhole: true);
        check.Take(s_next);
        check.Skip();
        check.Take(Right);

        Assert.That(() => check.Take(s_next.Replace("\"121\"", "\"130\"")), Throws.TypeOf<BenchException>());
    }

    [Test]
    public void Where_reports_were_lost_rows_are_judged_by_their_fields()
    {
        var check = new RowCheck(_host, isWhole: false);

        check.Take(Right);
        check.Take(s_next.Replace("\"121\"", "\"500\""));

        Assert.That(check.Count, Is.EqualTo(2));
    }

    [Test]
    public void A_line_that_is_no_row_is_found() =>
        Assert.That(() => new RowCheck(_host, isWhole: true).Take("{\"end\":\"too slow\"}"), Throws.TypeOf<BenchException>());
}
