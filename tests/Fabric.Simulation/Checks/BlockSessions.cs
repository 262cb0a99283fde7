using Fabric.Analytics;
using Fabric.Primitives;
using Fabric.Simulation.Nodes;
using Fabric.Simulation.Packets;

namespace Fabric.Simulation.Checks;

/// <summary>The packets that a host's rows tell of between blocks of addresses (docs/decisions/0012), each of which accounts for one packet.</summary>
internal sealed class BlockSessions(SessionLedger ledger)
{
    private const int AddressBits = 32;

    // The smallest block first: so none takes a packet that another needs.
    private readonly List<(FlowRow Row, IpPrefix From, IpPrefix To)> _sessions =
    [
        .. ledger
            .All.Where(static row => row is { Protocol: 0, Action: FlowAction.Allow })
            .Select(static row => (row, BlockOf(row.Initiator), BlockOf(row.Responder)))
            .OrderByDescending(static session => session.Item2.Length + session.Item3.Length),
    ];

    private readonly Dictionary<ulong, ulong> _taken = [];

    /// <summary>Takes a packet from one to the other; false: there is none left.</summary>
    public bool TryTake(SimVm from, SimVm to)
    {
        foreach (var (row, source, destination) in _sessions)
        {
            var taken = _taken.GetValueOrDefault(row.Session);
            if (taken < row.SentPackets && IsOf(row.Initiator, source, from) && IsOf(row.Responder, destination, to))
            {
                _taken[row.Session] = taken + 1;
                return true;
            }
        }

        return false;
    }

    // A machine of another host has no name here.
    private static bool IsOf(in FlowRowEndpoint end, IpPrefix block, SimVm vm) =>
        block.Contains(vm.Address) && (end.Machine is null || end.Machine == vm.Name);

    // What comes from the underlay goes to any address of the machine, which is told as 0.0.0.0 without a length.
    private static IpPrefix BlockOf(FlowRowEndpoint end) =>
        new(end.Address, end.PrefixLength > 0 || end.Address.Ipv4 == 0 ? end.PrefixLength : AddressBits);
}
