using Fabric.Model.Datapath;

namespace Fabric.Agent.Core.Tables;

/// <summary>What the data plane should hold (schemas/datapath/tables.proto), beside what it was sent.</summary>
public sealed class DesiredTables
{
    public DeltaTable<uint, VrfEntry> Vrfs { get; } = new();

    public DeltaTable<uint, VifEntry> Vifs { get; } = new();

    public DeltaTable<uint, NextHopEntry> NextHops { get; } = new();

    public DeltaTable<RouteTableKey, RouteEntry> Routes { get; } = new();

    public DeltaTable<uint, LabelEntry> Labels { get; } = new();

    public DeltaTable<uint, AccessListEntry> AccessLists { get; } = new();

    public bool HasPending =>
        Vrfs.HasPending || Vifs.HasPending || NextHops.HasPending || Routes.HasPending || Labels.HasPending || AccessLists.HasPending;

    public void Forget()
    {
        Vrfs.Forget();
        Vifs.Forget();
        NextHops.Forget();
        Routes.Forget();
        Labels.Forget();
        AccessLists.Forget();
    }
}
