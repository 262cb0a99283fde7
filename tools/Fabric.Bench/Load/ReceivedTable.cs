using System.Buffers.Binary;

namespace Fabric.Bench.Load;

/// <summary>
/// What one session has been told, checked as it comes: each route must bear its set's attributes, its label and its route distinguisher,
/// and what a route reflector adds (RFC 4456 section 8). A bit a route says whether the session has it now.
/// </summary>
internal sealed class ReceivedTable(RouteTable table, ProbeBoard probes, int ownSender)
{
    private readonly ulong[] _present = new ulong[((table.Sets * RouteTable.RoutesPerSet) + 63) / 64];

    /// <summary>Routes that the session has now.</summary>
    public int Present { get; private set; }

    /// <summary>Routes that were told again, and withdrawals of what was not there: harmless, but work.</summary>
    public long Repeated { get; private set; }

    /// <summary>Routes that came back to their own sender, which RFC 4456 section 8 has it ignore.</summary>
    public long Echoed { get; private set; }

    /// <summary>Routes with wrong content.</summary>
    public long Wrong { get; private set; }

    public long Updates { get; private set; }

    public long Advertised { get; private set; }

    /// <summary>The first fault in words.</summary>
    public string? FirstFault { get; private set; }

    /// <summary>Probes are not told to the board; for sessions that join late.</summary>
    public bool IgnoresProbes { get; init; }

    /// <summary>Reads one UPDATE without its header.</summary>
    public void Read(ReadOnlySpan<byte> body)
    {
        Updates++;
        if (
            body.Length < 4
            || !TryTakeBlock(body, 2, out var withdrawn, out var rest)
            || !TryTakeBlock(rest, 2, out var attributes, out var ipv4)
        )
        {
            Fault("an UPDATE whose lengths exceed it");
            return;
        }

        if (withdrawn.Length > 0 || ipv4.Length > 0)
        {
            Fault("routes of IPv4 unicast");
        }

        if (!AttributeSet.TryRead(attributes, out var set))
        {
            Fault("path attributes whose lengths exceed them");
            return;
        }

        Withdraw(set.Withdrawn);
        if (set.Reached.Length > 0)
        {
            Advertise(set);
        }
    }

    public bool Has(int route) => (_present[route >> 6] & (1UL << (route & 63))) != 0;

    private static bool TryTakeBlock(ReadOnlySpan<byte> bytes, int lengthOctets, out ReadOnlySpan<byte> block, out ReadOnlySpan<byte> rest)
    {
        block = default;
        rest = default;
        if (bytes.Length < lengthOctets)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        if (bytes.Length - lengthOctets < length)
        {
            return false;
        }

        block = bytes.Slice(lengthOctets, length);
        rest = bytes[(lengthOctets + length)..];
        return true;
    }

    private void Advertise(in AttributeSet attributes)
    {
        var nlri = attributes.Reached;
        var set = RouteTable.SetOf(attributes.Community);
        Advertised += nlri.Length / UpdateEncoder.NlriLength;
        if (FaultOf(attributes, set) is { } fault)
        {
            Fault(fault, Math.Max(1, nlri.Length / UpdateEncoder.NlriLength));
            return;
        }

        if (table.SenderOf(set) == ownSender)
        {
            Echoed += nlri.Length / UpdateEncoder.NlriLength;
            return;
        }

        var distinguisher = RouteTable.RouteDistinguisherOf(set);
        var firstRoute = set * RouteTable.RoutesPerSet;
        var routes = (uint)table.RoutesIn(set);
        while (nlri.Length >= UpdateEncoder.NlriLength)
        {
            var head = BinaryPrimitives.ReadUInt32BigEndian(nlri);
            var route = (int)(BinaryPrimitives.ReadUInt32BigEndian(nlri[12..]) - RouteTable.FirstAddress);
            // The lowest bit of the label field is "bottom of stack" (RFC 8277 section 2.2); the three above it say nothing.
            if (
                (uint)(route - firstRoute) >= routes
                || head >> 24 != UpdateEncoder.NlriBits
                || (head & 0xFFFFFF) >> 4 != table.LabelOf(route)
                || BinaryPrimitives.ReadUInt64BigEndian(nlri[4..]) != distinguisher
            )
            {
                Fault($"set {set} with route {route} under label {(head & 0xFFFFFF) >> 4}");
            }
            else
            {
                SetPresent(route, set);
            }

            nlri = nlri[UpdateEncoder.NlriLength..];
        }

        if (nlri.Length > 0)
        {
            Fault("NLRI that end in the middle");
        }
    }

    private string? FaultOf(in AttributeSet attributes, int set)
    {
        if (set >= table.Sets)
        {
            return $"community {attributes.Community:x8}, which no set has";
        }

        var sender = table.SenderOf(set);
        return attributes.RouteTarget != table.RouteTargetOf(set) ? $"set {set} with another's route target"
            : attributes.NextHop != RouteTable.NextHopOf(sender) ? $"set {set} with another's next hop"
            : attributes.Originator != RouteTable.IdentifierOf(sender) ? $"set {set} with ORIGINATOR_ID {attributes.Originator:x8}"
            : attributes.ClusterListLength == 0 ? $"set {set} without CLUSTER_LIST"
            : attributes.Origin != 0 || attributes.AsPathLength != 0 ? $"set {set} with another ORIGIN or AS_PATH"
            : attributes.LocalPreference != 100 || attributes.Med < RouteTable.LoadedMed ? $"set {set} with another LOCAL_PREF or MED"
            : null;
    }

    private void SetPresent(int route, int set)
    {
        ref var word = ref _present[route >> 6];
        var bit = 1UL << (route & 63);
        if ((word & bit) != 0)
        {
            Repeated++;
            return;
        }

        word |= bit;
        Present++;
        if (set >= table.LoadedSets && !IgnoresProbes)
        {
            probes.Seen(set - table.LoadedSets);
        }
    }

    private void Withdraw(ReadOnlySpan<byte> nlri)
    {
        while (nlri.Length >= UpdateEncoder.NlriLength)
        {
            var route = BinaryPrimitives.ReadUInt32BigEndian(nlri[12..]) - RouteTable.FirstAddress;
            var set = (int)(route / RouteTable.RoutesPerSet);
            if (
                route >= (uint)table.Sets * RouteTable.RoutesPerSet
                || BinaryPrimitives.ReadUInt64BigEndian(nlri[4..]) != RouteTable.RouteDistinguisherOf(set)
            )
            {
                Fault($"withdrawal of route {route} under another route distinguisher");
            }
            else if (!Has((int)route))
            {
                Repeated++;
            }
            else
            {
                _present[route >> 6] &= ~(1UL << (int)(route & 63));
                Present--;
            }

            nlri = nlri[UpdateEncoder.NlriLength..];
        }
    }

    private void Fault(string what, int routes = 1)
    {
        Wrong += routes;
        FirstFault ??= what;
    }
}
