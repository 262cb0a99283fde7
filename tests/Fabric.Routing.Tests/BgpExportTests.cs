namespace Fabric.Routing.Tests;

internal sealed class BgpExportTests
{
    [Test]
    public void Without_cluster_id_internal_routes_do_not_go_to_internal_peers()
    {
        var fixture = new Fixture();
        var (p, _) = (fixture.Internal("p"), fixture.Internal("q"));
        fixture.External("e");

        fixture.Vpn(p, "64512:9", "10.9.0.0/24", Fixture.Attributes("203.0.113.9", "1"));

        Assert.That(fixture.Drain().Held["q"], Is.Empty);
        Assert.That(fixture.Held["e"]["64512:9:10.9.0.0/24"], Is.EqualTo("203.0.113.9/100 as[64512] target:64512:1"));
    }

    [Test]
    public void A_reflector_adds_originator_and_cluster_and_keeps_non_clients_apart()
    {
        var fixture = new Fixture(clusterId: 7);
        var (client, other) = (fixture.Internal("client", client: true), fixture.Internal("other"));
        fixture.Internal("client2", client: true);
        fixture.Internal("other2");

        fixture.Vpn(client, "64512:9", "10.9.0.0/24", Fixture.Attributes("203.0.113.9", "1"));
        fixture.Vpn(other, "64512:8", "10.8.0.0/24", Fixture.Attributes("203.0.113.8", "1"));
        fixture.Drain();

        Assert.That(
            fixture.Held["client2"]["64512:9:10.9.0.0/24"],
            Is.EqualTo("203.0.113.9/100 lp100 from 192.0.2.11 via 7 target:64512:1")
        );
        Assert.That(fixture.Held["client2"], Has.Count.EqualTo(2));
        Assert.That(fixture.Held["client"].Keys, Is.EqualTo(["64512:8:10.8.0.0/24"]));
        Assert.That(fixture.Held["other2"].Keys, Is.EqualTo(["64512:9:10.9.0.0/24"]));
    }

    [Test]
    public void Loops_are_kept_out_with_their_reason()
    {
        var fixture = new Fixture(clusterId: 7);
        var p = fixture.Internal("p");
        var clean = Fixture.Attributes("203.0.113.9", "1");
        fixture.Vpn(p, "64512:1", "10.1.0.0/24", Fixture.Attributes("203.0.113.9", "1", asPath: "65001 64512"));
        fixture.Vpn(p, "64512:2", "10.2.0.0/24", clean with { OriginatorId = new(0xC0000201) });
        fixture.Vpn(p, "64512:3", "10.3.0.0/24", clean with { ClusterList = [9, 7] });

        var reasons = fixture.Core.VpnRoutes.Select(r => r.Paths[0].Reason);

        Assert.That(reasons, Is.EqualTo([RejectReason.AsLoop, RejectReason.OriginatorLoop, RejectReason.ClusterLoop]));
    }

    [Test]
    public void A_late_joiner_reads_the_table_in_the_order_of_attribute_sets_then_end_of_rib()
    {
        var fixture = new Fixture(clusterId: 7);
        var p = fixture.Internal("p", client: true);
        var (odd, even) = (Fixture.Attributes("203.0.113.1", "1"), Fixture.Attributes("203.0.113.2", "1"));
        for (var i = 1; i <= 6; i++)
        {
            fixture.Vpn(p, "64512:9", $"10.{i}.0.0/16", i % 2 == 0 ? even : odd);
        }

        fixture.Drain();
        fixture.Messages.Clear();
        fixture.Internal("late", client: true);
        fixture.Drain();

        Assert.That(
            fixture.Messages,
            Is.EqualTo([.. new[] { 1, 3, 5, 2, 4, 6 }.Select(i => $"late: +64512:9:10.{i}.0.0/16"), "late: end vpnv4", "late: end vpnv6"])
        );
    }

    [Test]
    public void A_blocked_receiver_gets_the_latest_state_once_it_takes_data_again()
    {
        var fixture = new Fixture(clusterId: 7);
        var (p, slow) = (fixture.Internal("p", client: true), fixture.Internal("slow", client: true));
        fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        fixture.Drain();
        fixture.Core.SetBlocked(slow, true);
        fixture.Messages.Clear();

        fixture.Withdraw(p, "64512:9", "10.1.0.0/16");
        for (uint label = 1; label < 50; label++)
        {
            fixture.Vpn(p, "64512:9", "10.2.0.0/16", Fixture.Attributes("203.0.113.1", "1"), label);
            fixture.Drain();
        }

        fixture.Vpn(p, "64512:9", "10.3.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        fixture.Drain();
        fixture.Withdraw(p, "64512:9", "10.3.0.0/16");
        Assert.That(fixture.Drain().Messages, Is.Empty);

        fixture.Core.SetBlocked(slow, false);
        fixture.Drain();
        Assert.That(fixture.Messages, Is.EqualTo(["slow: -64512:9:10.1.0.0/16", "slow: +64512:9:10.2.0.0/16"]));
        Assert.That(fixture.Held["slow"].Values.Single(), Does.StartWith("203.0.113.1/49 "));
    }

    [Test]
    public void The_source_of_a_new_best_path_loses_what_it_heard_from_another()
    {
        var fixture = new Fixture(clusterId: 7);
        var (p, q) = (fixture.Internal("p", client: true), fixture.Internal("q", client: true));
        fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        Assert.That(fixture.Drain().Held["q"], Has.Count.EqualTo(1));

        fixture.Vpn(q, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.2", "1", localPref: 200));
        fixture.Drain();

        Assert.That(fixture.Held["q"], Is.Empty);
        Assert.That(fixture.Held["p"].Values.Single(), Does.StartWith("203.0.113.2/100 lp200"));
    }
}
