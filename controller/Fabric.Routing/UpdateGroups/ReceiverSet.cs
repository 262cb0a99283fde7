using System.Numerics;

namespace Fabric.Routing;

/// <summary>Some of the receivers of a group. Equal sets of one group have equal bits, so an encoded message can be shared by them.</summary>
public readonly record struct ReceiverSet(UpdateGroup Group, ulong Bits)
{
    public int Count => BitOperations.PopCount(Bits);

    public bool Contains(PeerId peer)
    {
        foreach (var member in this)
        {
            if (member == peer)
            {
                return true;
            }
        }

        return false;
    }

    public Enumerator GetEnumerator() => new(Group, Bits);

    /// <summary>Walks over the peers without allocating.</summary>
    public struct Enumerator(UpdateGroup group, ulong bits)
    {
        private ulong _left = bits;

        public PeerId Current { get; private set; }

        public bool MoveNext()
        {
            if (_left == 0)
            {
                return false;
            }

            Current = group.PeerAt(BitOperations.TrailingZeroCount(_left));
            _left &= _left - 1;
            return true;
        }
    }
}
