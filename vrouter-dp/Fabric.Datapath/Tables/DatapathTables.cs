using Fabric.Datapath.Shared;
using Fabric.Model.Datapath;

namespace Fabric.Datapath;

/// <summary>
/// The tables that the agent wants, as a pipeline reads them. Owned by the pipeline's loop: batches are applied between packets. Each worker
/// has its own, made of the same batches in the same order; the first worker's are ahead of the others', and alone show what they hold to the
/// programs. Entries of batches are shared by all of them, so nobody changes a batch that was applied.
/// Every batch is a <see cref="Change"/>; an object remembers the last that touched it, so that a verdict is known to be out of date when
/// anything that it was made from changed later. An entry equal to the one in place touches nothing.
/// </summary>
public sealed class DatapathTables
{
    private const int MaxReportedErrors = 4;

    private readonly DenseTable<Vrf> vrfs = new();
    private readonly DenseTable<Vif> vifs = new();
    private readonly DenseTable<NextHop> nextHops = new();
    private readonly DenseTable<Label> labels = new();
    private readonly Dictionary<uint, AccessList> accessLists = [];
    private readonly List<string> errors = [];
    private readonly TableChanges changes = new();
    private readonly SharedMemory memory;
    private readonly SharedTables? shared;
    private readonly VifLimits limits;
    private readonly int lane;
    private readonly long begin;
    private ulong mark;
    private bool inSnapshot;

    /// <param name="memory">Where the kernel's programs see what they need of the tables. Changes are counted on from those that it knows of.</param>
    public DatapathTables(SharedMemory memory)
    {
        this.memory = memory;
        limits = new VifLimits(memory);
        lane = memory.Sizes.LaneOf(0);
        shared = new SharedTables(memory, this);
        Change = begin = shared.LastChange();
    }

    /// <summary>Those of another worker.</summary>
    /// <param name="first">The first worker's, before their first batch.</param>
    /// <param name="worker">Its number.</param>
    internal DatapathTables(DatapathTables first, int worker)
    {
        if (first.Change != first.begin)
        {
            throw new InvalidOperationException("the first worker's tables have a batch already that another's would miss");
        }

        memory = first.memory;
        limits = first.limits;
        lane = memory.Sizes.LaneOf(worker);
        Change = first.Change;
    }

    /// <summary>The generation of the last batch.</summary>
    public ulong Generation { get; private set; }

    /// <summary>Counts the batches that were applied.</summary>
    public long Change { get; private set; }

    /// <summary>The memory shows an earlier process's tables, until the first snapshot is whole.</summary>
    public bool AwaitsSnapshot => shared is { AwaitsSnapshot: true };

    internal VifLimits Limits => limits;

    /// <summary>
    /// The change with which the interface of a number began, 0 for one that was taken over from an earlier process: what is older, flows or a device, is
    /// not its own.
    /// </summary>
    public long BeganAt(uint vif) => limits.BeganAt(vif);

    public HostSettings Host { get; private set; } = HostSettings.Unknown;

    public Vrf? Vrf(uint id) => vrfs[id];

    public Vif? Vif(uint id) => vifs[id];

    public NextHop? NextHop(uint id) => nextHops[id];

    public Label? Label(uint label) => labels[label];

    /// <summary>
    /// The interface that a label leads to, or null. A label leads to an interface of this host and nowhere else: no packet goes from tunnel
    /// to tunnel.
    /// </summary>
    public Vif? VifOf(uint label) =>
        labels[label] is { } entry && nextHops[entry.NextHop] is { Kind: NextHopKind.Interface } nextHop ? vifs[nextHop.Vif] : null;

    public AccessList? AccessList(uint id) => accessLists.GetValueOrDefault(id);

    public IEnumerable<Vrf> Vrfs => vrfs.Items;

    public IEnumerable<Vif> Vifs => vifs.Items;

    public IEnumerable<NextHop> NextHops => nextHops.Items;

    public IEnumerable<Label> Labels => labels.Items;

    public IEnumerable<AccessList> AccessLists => accessLists.Values;

    /// <summary>
    /// Takes a batch. Entries that can't be are left out, and what is wrong with them is returned; null when every entry was taken.
    /// A route needs its VRF in the same batch or before; any other reference to a missing entry drops packets until it is there.
    /// </summary>
    public string? Apply(Batch batch)
    {
        errors.Clear();
        changes.Clear();
        Change++;
        Generation = batch.Generation;
        if (batch.BeginSnapshot)
        {
            mark++;
            inSnapshot = true;
        }

        ApplyRemovals(batch);
        ApplyEntries(batch);
        var endsSnapshot = batch.EndSnapshot && EndSnapshot();
        TouchEcmp();
        shared?.Show(changes, endsSnapshot);
        return errors.Count == 0 ? null : string.Join("; ", errors);
    }

    private void ApplyEntries(Batch batch)
    {
        if (batch.Host is { } host && Accept(BatchRules.Check(host), "host", ""))
        {
            Host = HostSettings.From(host);
        }

        foreach (var entry in batch.AccessLists)
        {
            Set(entry);
        }

        foreach (var entry in batch.Vrfs)
        {
            Set(entry);
        }

        foreach (var entry in batch.Vifs)
        {
            Set(entry);
        }

        foreach (var entry in batch.NextHops)
        {
            Set(entry);
        }

        foreach (var entry in batch.Labels)
        {
            Set(entry);
        }

        foreach (var entry in batch.Routes)
        {
            Set(entry);
        }
    }

    private void ApplyRemovals(Batch batch)
    {
        foreach (var key in batch.RoutesRemoved)
        {
            if (key.Length <= 32 && vrfs[key.Vrf] is { } vrf && vrf.Remove(key.Prefix, (int)key.Length))
            {
                vrf.ChangedAt = Change;
            }
        }

        foreach (var label in batch.LabelsRemoved)
        {
            RemoveLabel(label);
        }

        foreach (var id in batch.NextHopsRemoved)
        {
            RemoveNextHop(id);
        }

        foreach (var id in batch.VifsRemoved)
        {
            RemoveVif(id);
        }

        foreach (var id in batch.VrfsRemoved)
        {
            RemoveVrf(id);
        }

        foreach (var id in batch.AccessListsRemoved)
        {
            RemoveAccessList(id);
        }
    }

    private void Set(VrfEntry entry)
    {
        if (!Accept(BatchRules.Check(entry), "vrf", entry.Id))
        {
            return;
        }

        if (vrfs[entry.Id] is not { } vrf)
        {
            vrf = new Vrf(entry) { ChangedAt = Change };
            vrfs.Set(entry.Id, vrf);
        }

        vrf.Entry = entry;
        vrf.Mark = mark;
    }

    private void Set(VifEntry entry)
    {
        if (!Accept(BatchRules.Check(entry, memory.Vifs.Count), "vif", entry.Id))
        {
            return;
        }

        if (vifs[entry.Id] is not { } vif || vif.Entry.PortId != entry.PortId)
        {
            vif = new Vif(entry, new VifStatistics(memory, (int)entry.Id, lane)) { ChangedAt = Change };
            vifs.Set(entry.Id, vif);
            Begin(vif);
            changes.Labels = true;
        }
        else if (!vif.Entry.Equals(entry))
        {
            vif.Update(entry);
            vif.ChangedAt = Change;
        }

        vif.Mark = mark;
    }

    // What an earlier process showed is taken over, with its counters and its flows.
    private void Begin(Vif vif)
    {
        ref readonly var slot = ref memory.Vifs[(int)vif.Id];
        var isTakenOver = AwaitsSnapshot && (slot.Flags & VifFlags.Present) != VifFlags.None && slot.Mac == vif.Mac;
        if (shared is not null && !isTakenOver)
        {
            vif.Statistics.Clear();
            limits.Begin(vif.Id, Change);
            changes.VifsBegun.Add(vif.Id);
        }
    }

    private void Set(NextHopEntry entry)
    {
        if (!Accept(BatchRules.Check(entry), "next hop", entry.Id))
        {
            return;
        }

        if (nextHops[entry.Id] is not { } nextHop || !nextHop.Entry.Equals(entry))
        {
            TouchVifsBehind(nextHops[entry.Id]);
            nextHop = new NextHop(entry) { ChangedAt = Change };
            nextHops.Set(entry.Id, nextHop);
            TouchVifsBehind(nextHop);
            changes.NextHops.Add(entry.Id);
            changes.Labels = true;
        }

        nextHop.Mark = mark;
    }

    private void Set(LabelEntry entry)
    {
        if (!Accept(BatchRules.Check(entry), "label", entry.Label))
        {
            return;
        }

        labels.Set(entry.Label, new Label(entry) { Mark = mark });
        changes.Labels = true;
    }

    private void Set(AccessListEntry entry)
    {
        if (!Accept(BatchRules.Check(entry), "access list", entry.Id))
        {
            return;
        }

        if (!accessLists.TryGetValue(entry.Id, out var list) || !list.Entry.Equals(entry))
        {
            list = new AccessList(entry);
            accessLists[entry.Id] = list;
            TouchUsersOf(entry.Id);
        }

        list.Mark = mark;
    }

    private void Set(RouteEntry entry)
    {
        if (!Accept(BatchRules.Check(entry), "route", entry))
        {
            return;
        }

        if (vrfs[entry.Vrf] is not { } vrf)
        {
            Accept("its vrf is missing", "route", entry);
            return;
        }

        var route = vrf.Find(entry.Prefix & Primitives.IpPrefix.MaskIpv4((int)entry.Length), (int)entry.Length);
        if (route is null || !route.Entry.Equals(entry))
        {
            route = new Route(entry);
            vrf.Set(route);
            vrf.ChangedAt = Change;
        }

        route.Mark = mark;
    }

    private bool EndSnapshot()
    {
        if (!Accept(inSnapshot ? null : "no snapshot was begun", "end_snapshot", ""))
        {
            return false;
        }

        inSnapshot = false;
        foreach (var vrf in vrfs.Items.ToList())
        {
            if (vrf.Mark != mark)
            {
                RemoveVrf(vrf.Id);
                continue;
            }

            foreach (var route in vrf.Routes.Where(r => r.Mark != mark).ToList())
            {
                vrf.Remove(route.Entry.Prefix, (int)route.Entry.Length);
                vrf.ChangedAt = Change;
            }
        }

        vifs.Items.Where(v => v.Mark != mark).ToList().ForEach(v => RemoveVif(v.Id));
        nextHops.Items.Where(n => n.Mark != mark).ToList().ForEach(n => RemoveNextHop(n.Id));
        labels.Items.Where(l => l.Mark != mark).ToList().ForEach(l => RemoveLabel(l.Value));
        accessLists.Values.Where(a => a.Mark != mark).ToList().ForEach(a => RemoveAccessList(a.Id));
        return true;
    }

    private void RemoveLabel(uint label)
    {
        if (labels.Remove(label))
        {
            changes.LabelsRemoved.Add(label);
        }
    }

    private void RemoveNextHop(uint id)
    {
        var gone = nextHops[id];
        if (nextHops.Remove(id))
        {
            TouchVifsBehind(gone);
            changes.NextHops.Add(id);
            changes.Labels = true;
        }
    }

    private void RemoveVif(uint id)
    {
        if (vifs.Remove(id))
        {
            changes.VifsRemoved.Add(id);
            changes.Labels = true;
        }
    }

    private void RemoveVrf(uint id)
    {
        if (vrfs.Remove(id))
        {
            foreach (var vif in vifs.Items.Where(v => v.Vrf == id))
            {
                vif.ChangedAt = Change;
            }
        }
    }

    private void RemoveAccessList(uint id)
    {
        if (accessLists.Remove(id))
        {
            TouchUsersOf(id);
        }
    }

    private void TouchUsersOf(uint accessList)
    {
        foreach (var vif in vifs.Items)
        {
            if (vif.SecurityGroups.Contains(accessList))
            {
                vif.ChangedAt = Change;
            }
        }
    }

    // The reverse path of what a port sends is checked against next hops that lead to it.
    private void TouchVifsBehind(NextHop? nextHop)
    {
        if (nextHop is { Kind: NextHopKind.Interface } && vifs[nextHop.Vif] is { } vif)
        {
            vif.ChangedAt = Change;
        }

        foreach (var member in nextHop is null ? [] : nextHop.Members)
        {
            if (nextHops[member.NextHop] is { Kind: NextHopKind.Interface } leaf && vifs[leaf.Vif] is { } port)
            {
                port.ChangedAt = Change;
            }
        }
    }

    // A flow over ECMP holds its member and the whole: a member that comes back, or whose tunnel moves, changes the whole.
    private void TouchEcmp()
    {
        if (changes.NextHops.Count == 0)
        {
            return;
        }

        foreach (var ecmp in nextHops.Items.Where(n => n.Kind == NextHopKind.Ecmp))
        {
            foreach (var member in ecmp.Members)
            {
                if (changes.NextHops.Contains(member.NextHop))
                {
                    ecmp.ChangedAt = Change;
                    changes.NextHops.Add(ecmp.Id);
                    break;
                }
            }
        }
    }

    private bool Accept(string? error, string kind, object id)
    {
        if (error is not null && errors.Count < MaxReportedErrors)
        {
            errors.Add($"{kind} {id}: {error}");
        }

        return error is null;
    }
}
