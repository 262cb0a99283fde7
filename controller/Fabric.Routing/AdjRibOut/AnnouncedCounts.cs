using System.Numerics;

namespace Fabric.Routing;

/// <summary>
/// How many routes of a table the receivers of a group hold, by the kind of their prefix. Routes in a row that the same receivers are told, as in
/// tables that are loaded, are counted together.
/// </summary>
internal sealed class AnnouncedCounts
{
    private readonly int[] _ipv4 = new int[UpdateGroup.MaxReceivers];
    private readonly int[] _others = new int[UpdateGroup.MaxReceivers];
    private ulong _gained;
    private ulong _lost;
    private bool _areIpv4;
    private int _run;

    /// <summary>The receivers of a route are others than before.</summary>
    public void Change(RouteKind kind, ulong before, ulong after)
    {
        var (gained, lost, isIpv4) = (after & ~before, before & ~after, kind == RouteKind.Ipv4);
        if (gained != _gained || lost != _lost || isIpv4 != _areIpv4)
        {
            Settle();
            (_gained, _lost, _areIpv4) = (gained, lost, isIpv4);
        }

        _run++;
    }

    /// <param name="slot">The receiver's number in its group.</param>
    /// <param name="ofIpv4">Routes with a prefix of IPv4, else all others.</param>
    public int Of(int slot, bool ofIpv4)
    {
        Settle();
        return (ofIpv4 ? _ipv4 : _others)[slot];
    }

    /// <summary>The receiver has left the group.</summary>
    public void Forget(ulong receiver)
    {
        Settle();
        var slot = BitOperations.TrailingZeroCount(receiver);
        (_ipv4[slot], _others[slot]) = (0, 0);
    }

    private void Settle()
    {
        var counts = _areIpv4 ? _ipv4 : _others;
        Add(counts, _gained, _run);
        Add(counts, _lost, -_run);
        _run = 0;
    }

    private static void Add(int[] counts, ulong receivers, int change)
    {
        for (var left = receivers; left != 0; left &= left - 1)
        {
            counts[BitOperations.TrailingZeroCount(left)] += change;
        }
    }
}
