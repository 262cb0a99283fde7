using Fabric.Model.Datapath;

namespace Fabric.Datapath;

/// <summary>The far end of a tunnel and the label that selects the interface there.</summary>
/// <param name="Kind">How packets are put into it.</param>
/// <param name="Source">This host.</param>
/// <param name="Destination">The far host.</param>
/// <param name="Label">Of the interface there.</param>
/// <param name="SourcePort">Of MPLS over UDP: stands for the flow, so that the underlay spreads flows over its paths.</param>
internal readonly record struct TunnelTarget(TunnelKind Kind, uint Source, uint Destination, uint Label, ushort SourcePort)
{
    // The dynamic range, RFC 7510 section 3; the flow table takes the low bits of the hash.
    private const ushort FirstSourcePort = 0xC000;
    private const int SourcePortShift = 18;

    public int Overhead => HostSettings.OverheadOf(Kind);

    public static ushort SourcePortOf(uint flowHash) => (ushort)(FirstSourcePort | flowHash >> SourcePortShift);
}
