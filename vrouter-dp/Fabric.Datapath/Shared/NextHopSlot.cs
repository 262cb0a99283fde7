using System.Runtime.InteropServices;

namespace Fabric.Datapath.Shared;

/// <summary>
/// A next hop as the programs need it: 32 bytes. A writer stores <see cref="ChangedAt"/> before the target, a reader loads it after.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
public struct NextHopSlot
{
    private const int KindShift = 32;
    private const int TunnelShift = 40;

    [FieldOffset(0)]
    private ulong changedAt;

    [FieldOffset(8)]
    private ulong target;

    [FieldOffset(16)]
    private ulong underlay;

    /// <summary>The change that last touched the next hop, or a member of it.</summary>
    public long ChangedAt
    {
        readonly get => (long)changedAt;
        set => Volatile.Write(ref changedAt, (ulong)value);
    }

    public readonly NextHopKind Kind => (NextHopKind)(byte)(target >> KindShift);

    public readonly Model.Datapath.TunnelKind TunnelKind => (Model.Datapath.TunnelKind)(byte)(target >> TunnelShift);

    /// <summary>The virtual interface, or the tunnel's destination.</summary>
    public readonly uint Target => (uint)target;

    /// <summary>Bits 0-31: the neighbour to send to, in network order; 32-63: interface index. 0 is not resolved.</summary>
    public readonly ulong Underlay => underlay;

    /// <summary>Says how the tunnel's destination is reached.</summary>
    /// <param name="neighbour">The next host on the way, in network order.</param>
    /// <param name="interfaceIndex">The device to it.</param>
    public void Resolve(uint neighbour, uint interfaceIndex) => Volatile.Write(ref underlay, (ulong)interfaceIndex << 32 | neighbour);

    public void Unresolve() => Volatile.Write(ref underlay, 0);

    // Another target is not where the underlay was resolved to.
    internal void SetTarget(NextHopKind kind, Model.Datapath.TunnelKind tunnel, uint destination)
    {
        var word = destination | (ulong)kind << KindShift | (ulong)(byte)tunnel << TunnelShift;
        if (word != target)
        {
            Unresolve();
            Volatile.Write(ref target, word);
        }
    }
}
