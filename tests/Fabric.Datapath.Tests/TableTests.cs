using Fabric.Model.Datapath;
using Fabric.Primitives;
using Google.Protobuf;

namespace Fabric.Datapath.Tests;

public sealed class TableTests
{
    [Test]
    public void What_a_snapshot_does_not_name_is_gone_at_its_end()
    {
        var host = new Host();
        host.Apply(
            new Batch
            {
                Routes = { Host.Route(1, "10.7.0.0/16", 4, 70) },
                Vrfs = { new VrfEntry { Id = 7 } },
                Labels = { Host.Label(99, 1) },
            }
        );
        var first = Host.Snapshot();
        first.EndSnapshot = false;
        host.Apply(first);
        Assert.That(host.Inspector.Labels(), Has.Count.EqualTo(4), "nothing goes before the end");

        host.Apply(new Batch { EndSnapshot = true });
        Assert.That(host.Inspector.Labels(), Has.Count.EqualTo(3));
        Assert.That(host.Inspector.Vrfs(), Has.Count.EqualTo(2));
        Assert.That(host.Inspector.Routes(1).Select(r => r.Prefix.ToString()), Does.Not.Contain("10.7.0.0/16"));
    }

    [Test]
    public void A_listing_of_routes_has_the_first_by_prefix_and_no_more_than_were_asked_for()
    {
        var host = new Host();
        host.Apply(
            new Batch
            {
                Routes = { Host.Route(1, "10.9.0.0/16", 4, 70), Host.Route(1, "9.0.0.0/8", 4, 70), Host.Route(1, "10.7.0.0/16", 4, 70) },
            }
        );
        var all = host.Inspector.Routes(1);

        Assert.That(all.Select(route => route.Prefix), Is.Ordered.And.SupersetOf(new[] { IpPrefix.Parse("9.0.0.0/8") }));
        Assert.That(host.Inspector.Routes(1, limit: 2), Is.EqualTo(all.Take(2)));
        Assert.That(host.Inspector.Routes(1, limit: 0), Is.Empty);
    }

    [Test]
    public void The_same_snapshot_again_disturbs_no_flow()
    {
        var host = new Host();
        host.FromVif(1, Golden.UdpToNeighbour);
        var before = host.Pipeline.Tables.Vif(1)!.ChangedAt;

        host.Apply(Host.Snapshot());
        host.FromVif(1, Golden.UdpToNeighbour);

        Assert.That((host.Pipeline.Tables.Vif(1)!.ChangedAt, host.Pipeline.Tables.Vrf(1)!.ChangedAt), Is.EqualTo((before, before)));
        Assert.That(host.Flow("10.1.0.11", "10.1.0.12", 53)!.Packets, Is.EqualTo(2));
    }

    [Test]
    public void An_end_without_a_begin_removes_nothing_and_says_so()
    {
        var host = new Host();
        Assert.That(host.Apply(new Batch { EndSnapshot = true }), Does.Contain("end_snapshot"));
        Assert.That(host.Inspector.Vifs(), Has.Count.EqualTo(3));
    }

    [Test]
    public void A_bad_entry_is_left_out_and_named_while_the_others_are_taken()
    {
        var host = new Host();
        var bad = Host.Vif(9, 1, "10.1.0.9");
        bad.Mac = ByteString.CopyFrom(1, 2);
        var error = host.Apply(new Batch { Vifs = { bad }, Labels = { Host.Label(3, 1), Host.Label(30, 1) } });
        Assert.That(error, Does.Contain("vif 9").And.Contain("label 3"));
        Assert.That(host.Inspector.Labels().Select(l => l.Label), Does.Contain(30u).And.Not.Contain(3u));
        Assert.That(host.Pipeline.Tables.Generation, Is.EqualTo(2));
    }

    [Test]
    public void Longest_prefix_match_equals_a_linear_scan([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        var lpm = new Lpm();
        var routes = new Dictionary<(uint Prefix, int Length), int>();
        for (var step = 0; step < 3_000; step++)
        {
            var length = random.Next(33);
            var prefix = RandomAddress(random) & Primitives.IpPrefix.MaskIpv4(length);
            if (random.Next(3) == 0 && routes.Count > 0)
            {
                (prefix, length) = routes.Keys.ElementAt(random.Next(routes.Count));
                routes.Remove((prefix, length));
                lpm.Remove(prefix, length);
            }
            else
            {
                routes[(prefix, length)] = step;
                lpm.Set(prefix, length, step);
            }

            var address = RandomAddress(random);
            Assert.That(lpm.Lookup(address), Is.EqualTo(Scan(routes, address)));
        }
    }

    [TestCase("9.9.9.9", 8)]
    [TestCase("10.9.9.9", 16)]
    [TestCase("10.1.9.9", 24)]
    [TestCase("10.1.16.9", 24)]
    [TestCase("10.1.17.4", 32)]
    public void A_block_around_an_address_has_one_route(string address, int length)
    {
        var lpm = new Lpm();
        lpm.Set(0, 0, 1);
        lpm.Set(Host.Address("10.1.16.0"), 20, 2);
        lpm.Set(Host.Address("10.1.17.3"), 32, 3);
        Assert.That(lpm.BlockLength(Host.Address(address)), Is.EqualTo(length));
    }

    [Test]
    public void All_addresses_of_a_block_have_one_route([Range(1, 3)] int seed)
    {
        var random = new Random(seed);
        var lpm = new Lpm();
        for (var i = 0; i < 300; i++)
        {
            lpm.Set(RandomAddress(random), random.Next(33), i);
        }

        for (var i = 0; i < 3_000; i++)
        {
            var address = RandomAddress(random);
            var other = address ^ RandomAddress(random) & ~Primitives.IpPrefix.MaskIpv4(lpm.BlockLength(address));
            Assert.That((lpm.Lookup(other), lpm.BlockLength(other)), Is.EqualTo((lpm.Lookup(address), lpm.BlockLength(address))));
        }
    }

    private static int Scan(Dictionary<(uint Prefix, int Length), int> routes, uint address)
    {
        var (longest, value) = (-1, -1);
        foreach (var ((prefix, length), candidate) in routes)
        {
            if (length > longest && (address & Primitives.IpPrefix.MaskIpv4(length)) == prefix)
            {
                (longest, value) = (length, candidate);
            }
        }

        return value;
    }

    // Few distinct bytes, so that prefixes nest.
    private static uint RandomAddress(Random random) =>
        (uint)(random.Next(3) << 24 | random.Next(3) << 16 | random.Next(3) << 8 | random.Next(256));
}
