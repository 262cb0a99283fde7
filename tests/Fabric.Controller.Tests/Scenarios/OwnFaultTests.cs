using Fabric.Bgp;
using Fabric.Controller.Bgp;
using Fabric.Controller.Monitoring;
using Fabric.Primitives;
using Fabric.Runtime;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>What this node fails at is not tried again with each message that follows.</summary>
public sealed class OwnFaultTests
{
    private static readonly RouteTarget s_target = RouteTarget.Parse("target:64512:1");

    [Test]
    public void A_message_that_this_node_fails_at_ends_the_session_once_and_in_words()
    {
        var scene = new Scene();
        scene.Run();
        scene.Apply(Scene.Router("gw", 21));
        var gateway = scene.Gateway("gw", 21).Connected();
        var observer = new FaultyObserver();
        scene.Node.Speaker.Observe(observer);
        gateway.Take();

        gateway.Announce(s_target, "203.0.113.0/24");
        Assert.That(() => scene.Run(), Throws.InvalidOperationException, "the loop hears of it");
        scene.Run(4);

        Assert.That(gateway.Take(), Is.EqualTo(new[] { "down: received finite state machine error: unspecified" }));
        Assert.That(observer.Failures, Is.EqualTo(1));
        Assert.That(scene.Node.Speaker.Find("gw")!.Peer.LastError, Does.Contain("a fault of this node: cannot take that"));
        scene.Run(120);
        Assert.That(gateway.Peer.State, Is.EqualTo(SessionState.Established), "after a rest it is tried again");
    }

    private sealed class FaultyObserver : IBgpObserver
    {
        public int Failures { get; private set; }

        public void UpdateApplied(BgpNeighbor neighbor, in UpdateView update)
        {
            Failures++;
            throw new InvalidOperationException("cannot take that");
        }

        public void SessionUp(BgpNeighbor neighbor) { }

        public void SessionDown(BgpNeighbor neighbor, SessionEnd end) { }

        public void UpdateReceived(BgpNeighbor neighbor, ReadOnlySpan<byte> message) { }

        public void EndOfRibReceived(BgpNeighbor neighbor, AddressFamily family) { }

        public void StaleExpires(BgpNeighbor neighbor, AddressFamily family) { }

        public void Rejudged(BgpNeighbor neighbor) { }

        public void UpdatesSent(BgpNeighbor neighbor, OutputRun updates) { }
    }
}
