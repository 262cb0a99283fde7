using Fabric.Datapath.Shared;

namespace Fabric.Datapath;

/// <summary>
/// Shows the tables to the kernel's programs, and to <see cref="FlowTable.IsCurrent"/>, after each batch. Memory that an earlier process
/// left keeps what it shows until the agent has given a whole snapshot, so that established flows go on meanwhile.
/// </summary>
internal sealed class SharedTables
{
    private readonly SharedMemory memory;
    private readonly DatapathTables tables;
    private readonly SharedDevices devices;

    public SharedTables(SharedMemory memory, DatapathTables tables)
    {
        this.memory = memory;
        this.tables = tables;
        devices = new SharedDevices(memory);
        foreach (ref readonly var vif in memory.Vifs.Span)
        {
            AwaitsSnapshot |= vif.ChangedAt != 0;
        }
    }

    public bool AwaitsSnapshot { get; private set; }

    /// <summary>The highest change that the memory knows of: an earlier process's count.</summary>
    public long LastChange()
    {
        long last = 0;
        foreach (ref readonly var vif in memory.Vifs.Span)
        {
            last = Math.Max(last, vif.ChangedAt);
        }

        foreach (ref readonly var nextHop in memory.NextHops.Span)
        {
            last = Math.Max(last, nextHop.ChangedAt);
        }

        foreach (ref readonly var flow in memory.Flows.Span)
        {
            last = Math.Max(last, flow.ValidatedAt);
        }

        return last;
    }

    public void Show(TableChanges changes, bool endsSnapshot)
    {
        if (AwaitsSnapshot && !endsSnapshot)
        {
            return;
        }

        ShowHost();
        if (AwaitsSnapshot)
        {
            AwaitsSnapshot = false;
            ShowAll();
            return;
        }

        foreach (var id in changes.VifsRemoved)
        {
            ShowVif((int)id);
        }

        changes.VifsBegun.ForEach(devices.DetachVif);

        foreach (var vif in tables.Vifs)
        {
            ShowVif((int)vif.Id);
        }

        foreach (var id in changes.NextHops)
        {
            ShowNextHop(id);
        }

        foreach (var label in changes.LabelsRemoved)
        {
            ShowLabel(label);
        }

        if (changes.Labels)
        {
            foreach (var label in tables.Labels)
            {
                ShowLabel(label.Value);
            }
        }
    }

    private void ShowAll()
    {
        for (var id = 0; id < memory.Vifs.Count; id++)
        {
            if (tables.BeganAt((uint)id) != 0)
            {
                devices.DetachVif((uint)id);
            }

            ShowVif(id);
        }

        for (var id = 1; id < memory.NextHops.Count; id++)
        {
            ShowNextHop((uint)id);
        }

        for (var label = 0; label < memory.Labels.Count; label++)
        {
            ShowLabel((uint)label);
        }
    }

    private void ShowHost()
    {
        memory.Host.TunnelSource = tables.Host.TunnelSource;
        memory.Host.UnderlayMtu = (uint)tables.Host.UnderlayMtu;
    }

    // Flows become out of date first: whoever sees the new content knows that they are.
    private void ShowVif(int id)
    {
        ref var slot = ref memory.Vifs[id];
        if (tables.Vif((uint)id) is { } vif)
        {
            slot.ChangedAt = Math.Max(vif.ChangedAt, tables.Vrf(vif.Vrf)?.ChangedAt ?? 0);
            slot.NextHop = vif.NextHop;
            slot.SetMac(vif.Mac, slot.Flags | VifFlags.Present);
        }
        else if ((slot.Flags & VifFlags.Present) != VifFlags.None)
        {
            slot.ChangedAt = tables.Change;
            slot.Flags &= ~VifFlags.Present;

            // Another may get the number, in the same batch even: the device is not its own.
            devices.DetachVif((uint)id);
        }
    }

    private void ShowNextHop(uint id)
    {
        if (!memory.NextHops.Has(id))
        {
            return;
        }

        ref var slot = ref memory.NextHops[(int)id];
        if (tables.NextHop(id) is { } nextHop)
        {
            slot.ChangedAt = nextHop.ChangedAt;
            slot.SetTarget(
                nextHop.Kind,
                nextHop.TunnelKind,
                nextHop.Kind == NextHopKind.Interface ? nextHop.Vif : nextHop.TunnelDestination
            );
        }
        else if (slot.ChangedAt != 0)
        {
            slot.ChangedAt = tables.Change;
            slot.SetTarget(NextHopKind.Discard, default, 0);
        }
    }

    private void ShowLabel(uint label)
    {
        if (memory.Labels.Has(label))
        {
            var vif = tables.VifOf(label);
            Volatile.Write(ref memory.Labels[(int)label], vif is null ? 0 : vif.Id + 1);
        }
    }
}
