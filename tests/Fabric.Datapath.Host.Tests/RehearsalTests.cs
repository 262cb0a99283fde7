using Fabric.Datapath.Host.Node;

namespace Fabric.Datapath.Host.Tests;

public sealed class RehearsalTests
{
    [Test]
    public void Every_packet_of_the_rehearsal_is_forwarded() => Assert.That(Rehearsal.Run(), Is.EqualTo(2 * Rehearsal.Connections));
}
