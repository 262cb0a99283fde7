using Fabric.Datapath.Shared;

namespace Fabric.Datapath;

/// <summary>What was found in memory that an earlier process left, at any moment of its work.</summary>
/// <param name="Kept">Flows taken over.</param>
/// <param name="Dropped">Slots that held no flow that can be.</param>
/// <param name="LinksCut">Flows whose other direction was not there.</param>
/// <param name="IndexRebuilt">The index did not lead to these flows.</param>
public sealed record FlowTakeover(int Kept, int Dropped, int LinksCut, bool IndexRebuilt)
{
    /// <summary>Makes the flow region consistent. Programs may forward by it all the time: what is right stays as it is.</summary>
    internal static FlowTakeover Audit(SharedMemory memory, FlowIndex index)
    {
        var slots = memory.Flows;
        var (kept, dropped) = (0, 0);
        for (var slot = 0; slot < slots.Count; slot++)
        {
            if (!slots[slot].InUse)
            {
                continue;
            }

            if (CanBe(slots[slot], memory))
            {
                kept++;
            }
            else
            {
                slots[slot].InUse = false;
                dropped++;
            }
        }

        var isConsistent = index.IsConsistent(kept);
        if (!isConsistent)
        {
            var doubles = Rebuild(slots, index);
            (kept, dropped) = (kept - doubles, dropped + doubles);
        }

        return new FlowTakeover(kept, dropped, CutLinks(slots), !isConsistent);
    }

    private static bool CanBe(in FlowSlot flow, SharedMemory memory) =>
        memory.Vifs.Has(flow.Vif)
        && (flow.DestinationVif == FlowSlot.NoVif || memory.Vifs.Has(flow.DestinationVif))
        && flow.Verdict.IsValid
        && (!flow.Key.IsStateless || StatelessLengths.Has(flow.Key))
        && flow.ValidatedAt >= 0;

    private static int Rebuild(SharedRegion<FlowSlot> slots, FlowIndex index)
    {
        var doubles = 0;
        index.Clear();
        for (var slot = 0; slot < slots.Count; slot++)
        {
            if (!slots[slot].InUse)
            {
                continue;
            }

            if (index.Find(slots[slot].Key) < 0)
            {
                index.Add(slot);
            }
            else
            {
                slots[slot].InUse = false;
                doubles++;
            }
        }

        return doubles;
    }

    private static int CutLinks(SharedRegion<FlowSlot> slots)
    {
        var cut = 0;
        for (var slot = 0; slot < slots.Count; slot++)
        {
            if (slots[slot].InUse && slots[slot].Reverse != -1 && !IsPair(slots, slot, slots[slot].Reverse))
            {
                slots[slot].Reverse = -1;
                cut++;
            }
        }

        return cut;
    }

    private static bool IsPair(SharedRegion<FlowSlot> slots, int slot, int reverse) =>
        (uint)reverse < (uint)slots.Count
        && reverse != slot
        && slots[reverse].InUse
        && slots[reverse].Reverse == slot
        && slots[slot].Key.Reverse(slots[reverse].Key.NextHop) == slots[reverse].Key;
}
