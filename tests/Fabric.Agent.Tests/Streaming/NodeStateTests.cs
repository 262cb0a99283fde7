using Fabric.Agent.Streaming;
using Fabric.Analytics;
using Fabric.Streaming;
using Google.Protobuf.WellKnownTypes;

namespace Fabric.Agent.Tests.Streaming;

/// <summary>The host itself is an object of the stream.</summary>
public sealed class NodeStateTests
{
    private readonly List<ObjectState> _rows = [];

    [Test]
    public void A_hosts_state_follows_its_sessions_and_ports_until_it_ends()
    {
        _rows.Clear();
        using var fixture = new Fixture(Fixture.First);
        using var board = new NodeBoard(Take, "host1", "agent", fixture.Loop, () => NodeState.Of(fixture.Node.Status()));
        fixture.Start(Fixture.First, Fixture.DataPlane);
        fixture.Loop.Run(board.Start);
        var first = _rows[^1].State;
        fixture.Open(Fixture.First);
        fixture.Plug(Fixture.Port());
        fixture.Loop.Advance(TimeSpan.FromSeconds(5));
        var second = _rows[^1].State;
        for (var i = 0; i < 20; i++)
        {
            fixture.Beat();
            fixture.Loop.Advance(TimeSpan.FromSeconds(1));
        }

        var count = _rows.Count;
        board.Dispose();

        Assert.That(_rows, Has.All.Property(nameof(ObjectState.Key)).EqualTo("node//host1:agent"));
        Assert.That(Controllers(first), Is.Empty);
        Assert.That(Controllers(second), Is.EqualTo([Fixture.First]));
        Assert.That((first.Fields["ports"].NumberValue, second.Fields["ports"].NumberValue), Is.EqualTo((0, 1)));
        Assert.That(count, Is.EqualTo(2), "nothing changed afterwards");
        Assert.That(_rows[^1].State.Fields["running"].BoolValue, Is.False);
    }

    private static IEnumerable<string> Controllers(Struct state) =>
        state.Fields["controllers"].ListValue.Values.Select(value => value.StringValue);

    private bool Take(IStreamEvent row)
    {
        _rows.Add((ObjectState)row);
        return true;
    }
}
