using Fabric.Bgp;
using Fabric.Fuzz.Engine;
using Fabric.Primitives;

namespace Fabric.Fuzz.Targets;

/// <summary>
/// A neighbour in each state, with one connection or two. Two of them hear the same, one all at once and one in pieces: they do the same.
/// </summary>
internal sealed class BgpSession : IFuzzSubject
{
    private static readonly SessionState[] s_states = [SessionState.OpenSent, SessionState.OpenConfirm, SessionState.Established];

    private readonly Random _random;
    private readonly BgpNeighbor _whole;
    private readonly BgpNeighbor _cut;
    private readonly Pieces[] _wholeStreams;
    private readonly Pieces[] _cutStreams;

    public BgpSession(Random random)
    {
        _random = random;
        var state = s_states[random.Next(s_states.Length)];
        var options = new BgpPeerOptions
        {
            LocalAs = new AsNumber(64512),
            PeerAs = random.Next(3) == 0 ? null : new AsNumber(64512),
            LocalIdentifier = BgpIdentifier.Parse("192.0.2.5"),
            Families = [.. BgpFamilies.Some(random)],
            IsPassive = random.Next(2) == 0,
            ExtendedMessages = random.Next(2) == 0,
            IsRestarting = random.Next(2) == 0,
            GracefulRestart = random.Next(4) == 0 ? null : new GracefulRestartOptions(),
        };
        _whole = new BgpNeighbor(options, state);
        _cut = new BgpNeighbor(options, state);
        var connections = 1;
        if (state != SessionState.Established && random.Next(2) == 0)
        {
            connections = 2;
            _whole.Accept();
            _cut.Accept();
        }

        _wholeStreams = [.. Enumerable.Range(1, connections).Select(id => Stream(_whole, id))];
        _cutStreams = [.. Enumerable.Range(1, connections).Select(id => Stream(_cut, id))];
    }

    public int Taken => _whole.Updates;

    public void Feed(ReadOnlySpan<byte> input)
    {
        var connection = _random.Next(_wholeStreams.Length);
        _wholeStreams[connection].Give(input);
        _cutStreams[connection].GiveInPieces(input, _random);
    }

    public void Check()
    {
        Invariant.Holds(_whole.Log.SequenceEqual(_cut.Log), $"at once: {Tail(_whole)}; in pieces: {Tail(_cut)}");
        var isOver = _whole.Peer.State <= SessionState.Active;
        Invariant.Holds(!isOver || !string.IsNullOrWhiteSpace(_whole.Peer.LastError), "a session ended without a reason");
        Invariant.Holds(
            (_whole.Peer.State == SessionState.Established) == (_whole.Peer.Negotiation is not null),
            "a session is up if and only if it has agreed on something"
        );
        if (_random.Next(4) == 0)
        {
            _whole.FireTimers();
            _cut.FireTimers();
        }
    }

    private static string Tail(BgpNeighbor neighbor) => string.Join(" | ", neighbor.Log.TakeLast(6));

    private static Pieces Stream(BgpNeighbor neighbor, int connection) => new(bytes => neighbor.Peer.Receive(connection, bytes, neighbor));
}
