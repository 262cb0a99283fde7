using Fabric.Lab.Checks;

namespace Fabric.Lab.Tests;

[TestFixture]
public sealed class GatewayOutputTests
{
    // "show bgp ipv4 vpn 10.1.0.3/32 json" of FRR 8.4.4, for a route that GoBGP 3.10 announced.
    private const string FrrPath = """
        {
          "192.0.2.11:1":{
            "prefix":"10.1.0.3/32",
            "version":0,
            "paths":[
              {
                "aspath":{ "string":"Local", "segments":[ ], "length":0 },
                "origin":"incomplete",
                "locPrf":100,
                "valid":true,
                "version":0,
                "extendedCommunity":{ "string":"RT:64512:8000001 ET:2" },
                "remoteLabel":16,
                "lastUpdate":{ "epoch":1795255604, "string":"Sat Nov 21 10:06:44 2026\n" },
                "selectDefered":true,
                "nexthops":[ { "ip":"192.0.2.11", "hostname":"vm", "afi":"ipv4", "metric":0, "accessible":true, "used":true } ],
                "peer":{ "peerId":"192.0.2.22", "routerId":"192.0.2.22", "hostname":"vm", "type":"internal" }
              }
            ]
          }
        }
        """;

    [Test]
    public void A_path_of_frr_has_its_distinguisher_label_next_hop_and_communities() =>
        Assert.That(
            Frr.Parse(FrrPath),
            Is.EqualTo(new[] { new FrrPath("192.0.2.11:1", 16, "192.0.2.11", "RT:64512:8000001 ET:2", Stale: false, 1795255604) })
        );

    [Test]
    public void A_prefix_that_frr_does_not_have_is_an_empty_object() => Assert.That(Frr.Parse("{}"), Is.Empty);

    // "gobgp neighbor 192.0.2.1 adj-in -a rtc -j" of GoBGP 3.10; attributes left out.
    private const string Membership = """
        {"64512:64512:8000001":[{"nlri":{"prefix":"64512:64512:8000001"},"age":1795258250,"best":false,"attrs":[],"stale":false,"neighbor-ip":"192.0.2.1"}]}
        """;

    [Test]
    public void The_membership_that_gobgp_holds_is_without_the_origin_as() =>
        Assert.That(GoBgp.ParseMembership(Membership), Is.EqualTo(new[] { "64512:8000001" }));
}
