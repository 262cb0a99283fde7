namespace Fabric.Routing;

/// <summary>
/// A shard's slice of one table: an open-addressing index over an array of <see cref="Route"/>. A route keeps its index for as long as it
/// lives, so that paths and Adj-RIBs-Out refer to it by number.
/// <code>
/// slot of the index, 0 when empty    | upper bits of the hash | index + 1, in as many bits as there are slots |
/// slot that others are behind        | any                    | all ones |
/// </code>
/// The bits of the hash spare a look at routes that only share a part of the way, and prefixes next to each other have slots next to each other.
/// A removed route leaves a mark where others stand behind it, rather than have them looked at and moved: a withdrawal touches no route but its own.
/// </summary>
internal sealed class RouteTable(RouteTableKind kind, int id, Vrf? vrf = null, EvpnRoutes? evpn = null)
{
    private const int SmallestBits = 3;

    // So many routes are on their way from memory while one is put into the index.
    private const int RehashAhead = 8;

    // So many are on their way while one is taken out.
    private const int RemovalsAhead = 16;

    // So many are looked at before the table grows by one: those that come while there is always something to be told do not add up.
    private const int SweptForOne = 2;

    private const ulong NeighborMask = 7;
    private const int TopNeighborBit = 29;

    private readonly StableArray<Route> _routes = new(SmallestBits);
    private int _slotBits = SmallestBits + 1;
    private StableArray<uint> _slots = NewSlots(SmallestBits + 1);
    private int _firstFree = Route.None;
    private int _marks;
    private RouteLog? _unused;
    private int _bestIpv4;
    private int _bestOthers;

    public RouteTableKind Kind { get; } = kind;

    public int Id { get; } = id;

    public Vrf? Vrf { get; } = vrf;

    public bool HasEvpnRoutes => evpn is not null;

    /// <summary>Whether its routes go into VRFs, and to peers that asked for them, by route target.</summary>
    public bool HasRouteTargets { get; } = RouteFamilies.HasRouteTargets(kind);

    /// <summary>Scratch of the import: in which pass this table was last found to import a path.</summary>
    public long ImportPass { get; set; }

    public int Count { get; private set; }

    /// <summary>One more than the highest index ever used.</summary>
    public int Extent { get; private set; }

    /// <summary>Whoever is told about changes of this table.</summary>
    public List<AdjRibOut> Outs { get; } = [];

    /// <summary>Routes whose paths' end the watch has still to say: they stay, even without paths. Null where there never was one.</summary>
    public RouteLog? Ending { get; set; }

    /// <summary>Whether some receiver takes several paths of a route.</summary>
    public bool ShowsAllPaths { get; private set; }

    /// <summary>A route of the kind has got a best path, 1, or lost its last one, -1.</summary>
    public void CountBest(RouteKind kind, int change) => (kind == RouteKind.Ipv4 ? ref _bestIpv4 : ref _bestOthers) += change;

    /// <summary>How many routes have a best path: those with a prefix of IPv4, or all others.</summary>
    public int BestCount(bool ofIpv4) => ofIpv4 ? _bestIpv4 : _bestOthers;

    public long MemoryBytes => _routes.MemoryBytes + _slots.MemoryBytes + (Ending?.MemoryBytes ?? 0) + (_unused?.MemoryBytes ?? 0);

    public ref Route this[int index] => ref _routes[index];

    public void Enter(AdjRibOut rib)
    {
        Outs.Add(rib);
        ShowsAllPaths |= rib.Several is not null;
    }

    public void Leave(AdjRibOut rib)
    {
        Outs.Remove(rib);
        ShowsAllPaths = Outs.Exists(other => other.Several is not null);
    }

    public bool IsLive(int index) => _routes[index].Kind != RouteKind.Free;

    public int Find(in RouteKey key) => Find(key, HashOf(key));

    /// <inheritdoc cref="Find(in RouteKey)"/>
    /// <param name="hash">That of the key.</param>
    public int Find(in RouteKey key, uint hash)
    {
        var slots = _slots.FirstBucket;
        var (mask, tag) = (slots.Length - 1, hash >> _slotBits);
        for (var slot = (int)hash & mask; slots[slot] != 0; slot = (slot + 1) & mask)
        {
            if (slots[slot] >> _slotBits == tag && !IsMark(slots[slot]) && IsAt(_routes[IndexIn(slots[slot])], key))
            {
                return IndexIn(slots[slot]);
            }
        }

        return Route.None;
    }

    public static uint HashOf(in RouteKey key) => Hash(key.Kind, key.Rd, key.High, key.Low, key.Length);

    /// <summary>
    /// A key with this hash is about to be looked for: its slot is on the way from memory meanwhile. Most of the time of a lookup is that way.
    /// </summary>
    public void Expect(uint hash) => Fetch(hash);

    public int FindOrAdd(in RouteKey key) => FindOrAdd(key, HashOf(key));

    /// <inheritdoc cref="FindOrAdd(in RouteKey)"/>
    /// <param name="hash">That of the key.</param>
    public int FindOrAdd(in RouteKey key, uint hash)
    {
        var found = Find(key, hash);
        return found != Route.None ? found : Add(key, hash);
    }

    private int Add(in RouteKey key, uint hash)
    {
        if ((Count + _marks + 1) * 4L > _slots.Capacity * 3L)
        {
            Rehash();
        }

        if (_firstFree == Route.None && HasUnused)
        {
            Sweep(SweptForOne);
        }

        var index = _firstFree;
        if (index != Route.None)
        {
            _firstFree = _routes[index].FirstPath;
        }
        else
        {
            index = Extent++;
            _routes.EnsureCapacity(Extent);
        }

        ref var route = ref _routes[index];
        route.Rd = key.Rd;
        route.High = key.High;
        route.Low = key.Low;
        route.Length = key.Length;
        route.Kind = key.Kind;
        route.FirstPath = Path.None;
        Occupy(index, hash);
        Count++;
        evpn?.AddReference(key);
        return index;
    }

    /// <summary>Whether the shard will sweep it; a table may sweep itself before its turn.</summary>
    public bool IsInTurn { get; set; }

    /// <summary>The route has no path, and is looked at by <see cref="Sweep"/>.</summary>
    public void Retire(int index)
    {
        _unused ??= new RouteLog();
        _unused.Add(index);
    }

    /// <summary>Whether there are routes for <see cref="Sweep"/>.</summary>
    public bool HasUnused => _unused is { Count: > 0 };

    /// <summary>Takes out retired routes that nobody needs, and returns how many it has looked at, so many at most. Others go on until they are retired again.</summary>
    public int Sweep(int max)
    {
        Span<int> ahead = stackalloc int[RemovalsAhead];
        var looked = 0;
        while (looked < max && HasUnused)
        {
            var count = 0;
            for (; count < ahead.Length && looked < max && HasUnused; looked++)
            {
                var index = _unused!.Take();
                if (IsLive(index) && _routes[index].FirstPath == Path.None)
                {
                    Fetch(HashOf(index));
                    ahead[count++] = index;
                }
            }

            foreach (var index in ahead[..count])
            {
                RemoveIfUnused(index);
            }
        }

        return looked;
    }

    private void RemoveIfUnused(int index)
    {
        if (Ending?.Contains(index) == true)
        {
            return;
        }

        foreach (var rib in Outs)
        {
            if (rib.NeedsWithdraw(index))
            {
                return;
            }
        }

        Remove(index);
    }

    private void Remove(int index)
    {
        var slots = _slots.FirstBucket;
        var mask = slots.Length - 1;
        var slot = (int)HashOf(index) & mask;
        while (IndexIn(slots[slot]) != index)
        {
            slot = (slot + 1) & mask;
        }

        if (slots[(slot + 1) & mask] != 0)
        {
            slots[slot] = SlotMark;
            _marks++;
        }
        else
        {
            slots[slot] = 0;
            RemoveMarksBefore(slot, slots);
        }

        evpn?.Release(RouteKey.Of(_routes[index]));
        _routes[index] = default;
        _routes[index].FirstPath = _firstFree;
        _firstFree = index;
        Count--;
    }

    // With nothing behind them, they say nothing.
    private void RemoveMarksBefore(int slot, Span<uint> slots)
    {
        var mask = slots.Length - 1;
        for (slot = (slot - 1) & mask; IsMark(slots[slot]); slot = (slot - 1) & mask)
        {
            slots[slot] = 0;
            _marks--;
        }
    }

    /// <summary>Makes the index anew: twice as large, or of its size where it was the marks that filled it.</summary>
    private void Rehash()
    {
        _slotBits += Count * 2L >= _slots.Capacity ? 1 : 0;
        _slots.Free();
        _slots = NewSlots(_slotBits);
        _marks = 0;
        for (var index = 0; index < Extent; index++)
        {
            if (index + RehashAhead < Extent)
            {
                Fetch(HashOf(index + RehashAhead));
            }

            if (IsLive(index))
            {
                Occupy(index, HashOf(index));
            }
        }
    }

    private void Fetch(uint hash) => _slots.Prefetch((int)hash & (_slots.Capacity - 1));

    private void Occupy(int index, uint hash)
    {
        var slots = _slots.FirstBucket;
        var mask = slots.Length - 1;
        var slot = (int)hash & mask;
        while (slots[slot] != 0 && !IsMark(slots[slot]))
        {
            slot = (slot + 1) & mask;
        }

        _marks -= slots[slot] != 0 ? 1 : 0;
        slots[slot] = hash >> _slotBits << _slotBits | (uint)(index + 1);
    }

    private uint SlotMark => (1u << _slotBits) - 1;

    private bool IsMark(uint slot) => (slot & SlotMark) == SlotMark;

    // The table is never full, so that index + 1 fits into the bits below the tag, and is not all ones.
    private int IndexIn(uint slot) => (int)(slot & SlotMark) - 1;

    private uint HashOf(int index)
    {
        ref var route = ref _routes[index];
        return Hash(route.Kind, route.Rd, route.High, route.Low, route.Length);
    }

    private static bool IsAt(in Route route, in RouteKey key) =>
        route.Low == key.Low && route.Rd == key.Rd && route.High == key.High && route.Length == key.Length && route.Kind == key.Kind;

    /// <summary>
    /// Prefixes that differ only in the last three of their own bits differ only in the lowest three bits of the hash, and in its highest three, which are in
    /// the tag. Such prefixes come and go together, and most of what a lookup takes is the way to its place in memory.
    /// </summary>
    private static uint Hash(RouteKind kind, ulong rd, ulong high, ulong low, byte length)
    {
        var hostBits = kind switch
        {
            RouteKind.Ipv4 => 32 - length,
            RouteKind.Ipv6 => 128 - length,
            _ => 0,
        };
        ref var number = ref hostBits < 64 ? ref low : ref high;
        var place = number >> hostBits & NeighborMask;
        number ^= place << hostBits;
        var hash = (uint)(Mix(rd ^ low * 0x9E37_79B9_7F4A_7C15UL ^ high ^ ((ulong)length << 48 | (ulong)kind << 56)) >> 32);
        return hash ^ (uint)place ^ (uint)place << TopNeighborBit;
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ value >> 32) * 0xD6E8_FEB8_6659_FD93UL;
        return (value ^ value >> 32) * 0xD6E8_FEB8_6659_FD93UL;
    }

    private static StableArray<uint> NewSlots(int bits)
    {
        var slots = new StableArray<uint>(bits);
        slots.EnsureCapacity(1 << bits);
        return slots;
    }

    public void Free()
    {
        Ending?.Free();
        _unused?.Free();
        _unused = null;
        _routes.Free();
        _slots.Free();
    }
}
