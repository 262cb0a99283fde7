using Fabric.Controller.Monitoring;
using Fabric.Controller.Options;
using Fabric.Hosting.Configuration;
using Fabric.Primitives;

namespace Fabric.Controller.Tests;

public sealed class ControlNodeOptionsTests
{
    [Test]
    public void Three_keys_are_enough()
    {
        var options = Read("node: control1\nrouter-id: 192.0.2.1\nlisten: 192.0.2.1\n");

        Assert.That(options.As.Value, Is.EqualTo(64512));
        Assert.That(options.BgpPort, Is.EqualTo(179));
        Assert.That(options.XmppPort, Is.EqualTo(5269));
        Assert.That(options.ApiSocket, Is.EqualTo("/run/fabric/control1/api.sock"));
        Assert.That(options.Api!.ToString(), Is.EqualTo("127.0.0.1:8080"));
        Assert.That(options.RestartTime, Is.EqualTo(TimeSpan.FromSeconds(120)));
        Assert.That((options.Tls, options.ClusterId), Is.EqualTo(((Runtime.TlsCredentials?)null, (uint?)null)));
    }

    [Test]
    public void IPv6_routes_have_the_next_hop_that_the_file_says() =>
        Assert.That(ControlFile.Read("next-hop-ipv6: 2001:db8::1\n").Ipv6NextHop, Is.EqualTo(IpAddress.Parse("2001:db8::1")));

    [TestCase("router-id: 0.0.0.0", "router-id")]
    [TestCase("as: 0", "as")]
    [TestCase("as: 4294967295", "as")]
    [TestCase("next-hop-ipv6: 192.0.2.1", "next-hop-ipv6")]
    [TestCase("graceful-restart-time: 4096", "graceful-restart-time")]
    [TestCase("xmpp-hold-time: 0", "xmpp-hold-time")]
    [TestCase("neighbours: []", "neighbours")]
    [TestCase("tls: { certificate: /a }", "tls.key")]
    [TestCase("bmp: { stations: [{ name: a, address: 192.0.2.50, tables: [rib] }] }", "bmp.stations[0].tables")]
    [TestCase("mrt: { folder: mrt }", "mrt.folder")]
    [TestCase("bmp: { statistics-interval: -1 }", "bmp.statistics-interval")]
    public void A_faulty_key_is_named(string line, string key)
    {
        var required = "node: control1\nlisten: 192.0.2.1\n" + (key == "router-id" ? "" : "router-id: 192.0.2.1\n");

        Assert.That(() => Read(required + line + "\n"), Throws.TypeOf<OptionsException>().With.Message.Contains($"key '{key}'"));
    }

    [Test]
    public void A_bmp_station_is_told_the_tables_that_are_named()
    {
        const string bmp = "bmp: { stations: [{ name: a, address: 192.0.2.50, port: 1790, tables: [post-policy, loc-rib] }] }\n";

        var options = Read("node: control1\nrouter-id: 192.0.2.1\nlisten: 192.0.2.1\n" + bmp);

        Assert.That(
            options.Bmp!.Stations.Single(),
            Is.EqualTo(
                new BmpStationOptions(
                    "a",
                    IpAddress.Parse("192.0.2.50"),
                    1790,
                    BmpTables.PostPolicy | BmpTables.LocRib,
                    TimeSpan.FromSeconds(30)
                )
            )
        );
    }

    private static ControlNodeOptions Read(string text) => ControlNodeOptionsFile.Read(OptionsFile.Parse(text, "control.yaml"));
}
