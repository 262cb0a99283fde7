using Fabric.Model.Datapath;

namespace Fabric.Datapath;

public enum NextHopKind : byte
{
    Discard,
    Interface,
    Tunnel,
    Ecmp,
    Receive,
}

/// <summary>Where packets go next; a resolved form of its table entry.</summary>
public sealed class NextHop
{
    private readonly EcmpMember[] members;

    internal NextHop(NextHopEntry entry)
    {
        Entry = entry;
        Kind = entry.KindCase switch
        {
            NextHopEntry.KindOneofCase.Interface => NextHopKind.Interface,
            NextHopEntry.KindOneofCase.Tunnel => NextHopKind.Tunnel,
            NextHopEntry.KindOneofCase.Ecmp => NextHopKind.Ecmp,
            NextHopEntry.KindOneofCase.Receive => NextHopKind.Receive,
            _ => NextHopKind.Discard,
        };
        Vif = entry.Interface?.Vif ?? 0;
        TunnelDestination = entry.Tunnel?.Destination ?? 0;
        TunnelKind = entry.Tunnel?.Kind ?? TunnelKind.MplsOverGre;
        members = entry.Ecmp is { } ecmp ? [.. ecmp.Members] : [];
    }

    internal NextHopEntry Entry { get; }

    internal ulong Mark { get; set; }

    public uint Id => Entry.Id;

    public NextHopKind Kind { get; }

    /// <summary>The virtual interface of an interface next hop.</summary>
    public uint Vif { get; }

    public uint TunnelDestination { get; }

    public TunnelKind TunnelKind { get; }

    public ReadOnlySpan<EcmpMember> Members => members;

    /// <summary>The change of the tables that last touched this next hop.</summary>
    public long ChangedAt { get; internal set; }
}
