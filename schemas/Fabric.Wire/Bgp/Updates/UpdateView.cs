using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// An UPDATE as it is to be applied: up to four blocks, withdrawals before reachable routes, with RFC 7606 already applied.
/// It points into the receive buffer and lives as long as that does.
/// </summary>
public readonly ref struct UpdateView
{
    private readonly NlriBlock _withdrawn;
    private readonly NlriBlock _mpWithdrawn;
    private readonly NlriBlock _reachable;
    private readonly NlriBlock _mpReachable;

    internal UpdateView(
        NlriBlock withdrawn,
        NlriBlock mpWithdrawn,
        NlriBlock reachable,
        NlriBlock mpReachable,
        AddressFamily? endOfRib,
        UpdateFault? fault
    )
    {
        _withdrawn = withdrawn;
        _mpWithdrawn = mpWithdrawn;
        _reachable = reachable;
        _mpReachable = mpReachable;
        EndOfRib = endOfRib;
        Fault = fault;
    }

    /// <summary>The family whose initial routes are complete (RFC 4724 section 2); such a message has no NLRI.</summary>
    public AddressFamily? EndOfRib { get; }

    /// <summary>What was wrong, for the log; ResetSession and DisableFamily are also for the session to act on.</summary>
    public UpdateFault? Fault { get; }

    public Enumerator GetEnumerator() => new(this);

    /// <summary>Enumerates the blocks that hold NLRI.</summary>
    public ref struct Enumerator
    {
        private readonly UpdateView _view;
        private int _index;

        internal Enumerator(UpdateView view)
        {
            _view = view;
            _index = -1;
        }

        public readonly NlriBlock Current =>
            _index switch
            {
                0 => _view._withdrawn,
                1 => _view._mpWithdrawn,
                2 => _view._reachable,
                _ => _view._mpReachable,
            };

        public bool MoveNext()
        {
            while (++_index < 4)
            {
                if (!Current.Nlri.IsEmpty)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
