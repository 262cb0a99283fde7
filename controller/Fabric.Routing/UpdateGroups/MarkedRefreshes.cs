using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>
/// Who in a group wants the routes of a family again with marks around them (RFC 7313 section 4):
/// <code>
/// asked --End-of-RIB has gone out--> begun: the mark, then all routes --nothing is pending--> the other mark
/// </code>
/// Whoever asks again on the way begins anew, and hears of one end.
/// </summary>
internal sealed class MarkedRefreshes
{
    private readonly List<Round> _rounds = [];

    private sealed class Round(AddressFamily family)
    {
        public AddressFamily Family { get; } = family;

        public ulong Asked { get; set; }

        public ulong Begun { get; set; }
    }

    public void Ask(AddressFamily family, ulong receiver) => RoundOf(family).Asked |= receiver;

    /// <summary>Those of the receivers who asked, of one family at a time; they have begun now. Zero: there are none.</summary>
    public ulong Begin(ulong receivers, out AddressFamily family)
    {
        foreach (var round in _rounds)
        {
            var begun = round.Asked & receivers;
            if (begun != 0)
            {
                round.Asked &= ~begun;
                round.Begun |= begun;
                family = round.Family;
                return begun;
            }
        }

        family = default;
        return 0;
    }

    /// <summary>Those of the receivers who have begun, of one family at a time; they have it all now. Zero: there are none.</summary>
    public ulong End(ulong receivers, out AddressFamily family)
    {
        foreach (var round in _rounds)
        {
            var ended = round.Begun & ~round.Asked & receivers;
            if (ended != 0)
            {
                round.Begun &= ~ended;
                family = round.Family;
                return ended;
            }
        }

        family = default;
        return 0;
    }

    public void Leave(ulong receiver)
    {
        foreach (var round in _rounds)
        {
            round.Asked &= ~receiver;
            round.Begun &= ~receiver;
        }
    }

    /// <summary>A receiver comes from another group and goes on here.</summary>
    public void TakeOver(ulong receiver, MarkedRefreshes former, ulong formerReceiver)
    {
        foreach (var round in former._rounds)
        {
            RoundOf(round.Family).Asked |= (round.Asked & formerReceiver) != 0 ? receiver : 0;
            RoundOf(round.Family).Begun |= (round.Begun & formerReceiver) != 0 ? receiver : 0;
        }
    }

    private Round RoundOf(AddressFamily family)
    {
        var round = _rounds.Find(r => r.Family == family);
        if (round is null)
        {
            _rounds.Add(round = new Round(family));
        }

        return round;
    }
}
