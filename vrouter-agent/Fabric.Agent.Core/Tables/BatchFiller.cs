using Fabric.Model.Datapath;
using Google.Protobuf.Collections;

namespace Fabric.Agent.Core.Tables;

/// <summary>
/// Moves pending changes into a batch, up to a size far below the frame's limit: first what others refer to (lists, VRFs, next
/// hops, vifs), then what refers to it (labels, routes); removals follow in the reverse order, once nothing is left to add.
/// </summary>
public static class BatchFiller
{
    /// <summary>Entries, where each access rule counts as one too.</summary>
    public const int MaxEntries = 4096;

    public static void Fill(Batch batch, DesiredTables tables)
    {
        var room = MaxEntries;
        TakeUpserts(tables.AccessLists, batch.AccessLists, ref room, static list => 1 + list.Rules.Count);
        TakeUpserts(tables.Vrfs, batch.Vrfs, ref room);
        TakeUpserts(tables.NextHops, batch.NextHops, ref room, static hop => 1 + (hop.Ecmp?.Members.Count ?? 0));
        TakeUpserts(tables.Vifs, batch.Vifs, ref room);
        TakeUpserts(tables.Labels, batch.Labels, ref room);
        TakeUpserts(tables.Routes, batch.Routes, ref room);

        while (room > 0 && tables.Routes.TryTakeRemoval(out var route))
        {
            batch.RoutesRemoved.Add(route.ToMessage());
            room--;
        }

        TakeRemovals(tables.Labels, batch.LabelsRemoved, ref room);
        TakeRemovals(tables.Vifs, batch.VifsRemoved, ref room);
        TakeRemovals(tables.NextHops, batch.NextHopsRemoved, ref room);
        TakeRemovals(tables.Vrfs, batch.VrfsRemoved, ref room);
        TakeRemovals(tables.AccessLists, batch.AccessListsRemoved, ref room);
    }

    private static void TakeUpserts<TKey, TValue>(
        DeltaTable<TKey, TValue> table,
        RepeatedField<TValue> entries,
        ref int room,
        Func<TValue, int>? size = null
    )
        where TKey : notnull
        where TValue : class
    {
        while (room > 0 && table.TryTakeUpsert(out var entry))
        {
            entries.Add(entry);
            room -= size?.Invoke(entry) ?? 1;
        }
    }

    private static void TakeRemovals<TValue>(DeltaTable<uint, TValue> table, RepeatedField<uint> keys, ref int room)
        where TValue : class
    {
        while (room > 0 && table.TryTakeRemoval(out var key))
        {
            keys.Add(key);
            room--;
        }
    }
}
