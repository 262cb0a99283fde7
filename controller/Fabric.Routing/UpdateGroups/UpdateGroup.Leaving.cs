using System.Numerics;

namespace Fabric.Routing;

/// <summary>Receivers that want no more: they are members until they have been told the end of what they hold.</summary>
public sealed partial class UpdateGroup
{
    /// <summary>Receivers that want no more, and are told the end of what they hold first.</summary>
    internal ulong Leaving { get; private set; }

    /// <summary>
    /// The receiver wants no more: it is told the end of what it holds, since it may ask anew before what was said to it until now has
    /// reached it. Whether it holds anything; it is a member until <see cref="Leave"/>.
    /// </summary>
    internal bool BeginLeave(Peer peer)
    {
        var receiver = BitOf(peer);
        var holdsSomething = false;
        foreach (var (rib, _) in _ribs)
        {
            holdsSomething |= rib.MarkHeld(receiver);
        }

        Leaving |= holdsSomething ? receiver : 0;
        return holdsSomething;
    }

    /// <summary>A receiver that was leaving asks anew.</summary>
    internal void Return(Peer peer)
    {
        var receiver = BitOf(peer);
        Leaving &= ~receiver;
        foreach (var (rib, _) in _ribs)
        {
            rib.Join(receiver);
        }
    }

    /// <summary>One that was leaving and holds nothing any more, when nothing is left to read; null when there is none.</summary>
    internal Peer? FindDrained()
    {
        var drained = Leaving & ~Blocked;
        return drained == 0 ? null : _members[BitOperations.TrailingZeroCount(drained)];
    }
}
