using Fabric.Controller.Operations;
using Fabric.Primitives;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>What an operator's clear does to a gateway that holds one route of a host and has announced one.</summary>
public sealed class ClearTests
{
    [Test]
    public void A_soft_clear_in_asks_for_each_family_again()
    {
        var (scene, gateway) = Start();

        var cleared = Clear(scene, new(ClearMode.SoftIn));
        scene.Run();

        Assert.That(cleared.Families, Is.EqualTo(["vpnv4"]));
        Assert.That(gateway.Heard, Is.EqualTo(["asked for vpnv4"]));
    }

    [Test]
    public void A_soft_clear_out_tells_the_routes_again_between_marks()
    {
        var (scene, gateway) = Start();

        Clear(scene, new(ClearMode.SoftOut, AddressFamily.Vpnv4));
        scene.Run();

        Assert.That(gateway.Heard, Is.EqualTo(["again vpnv4", "10.1.0.3/32 via 192.0.2.11", "again vpnv4, that was all"]));
    }

    [Test]
    public void A_hard_clear_tells_the_operators_words_and_the_session_comes_up_again()
    {
        var (scene, gateway) = Start();

        Clear(scene, new(ClearMode.Hard, Message: "new card"));
        scene.Run(30);

        Assert.That(gateway.Heard[0], Does.StartWith("down: received cease").And.Contain("administrative reset: 'new card'"));
        Assert.That(gateway.Heard, Has.Member("up").And.Member("10.1.0.3/32 via 192.0.2.11"));
    }

    [Test]
    public void What_cannot_be_done_is_said_in_words()
    {
        var (scene, gateway) = Start();
        scene.Apply(Scene.Router("down", 22, AddressFamily.Vpnv4) with { AdminDown = true });

        Assert.That(Clear(scene, new(ClearMode.Soft, AddressFamily.L2VpnEvpn)).Refusal, Is.EqualTo("its session has no evpn"));
        Assert.That(Clear(scene, new(ClearMode.Soft), "down").Refusal, Is.EqualTo("it has no session"));
        Assert.That(Clear(scene, new(ClearMode.Hard), "down").Refusal, Is.EqualTo("it is administratively down"));
        scene.Run();
        Assert.That(gateway.Heard, Is.Empty);
    }

    private static ClearedNeighborDocument Clear(Scene scene, ClearRequest request, string name = "gw") =>
        new NeighborClear(scene.Node.Speaker, request).Run(scene.Node.Speaker.Find(name)!);

    private static (Scene Scene, GatewayPlayer Gateway) Start()
    {
        var scene = new Scene();
        scene.Run();
        scene.Apply([.. Scene.TwoNetworks, Scene.Router("gw", 21, AddressFamily.Vpnv4)]);
        var host1 = scene.Agent("host1", 11).Connected();
        host1.Session.SubscribeVrf(Scene.RedVrf, 1);
        host1.Publish(Scene.RedVrf, "10.1.0.3/32");
        scene.Run();
        var gateway = scene.Gateway("gw", 21).Connected();
        gateway.Take();
        return (scene, gateway);
    }
}
