using System.Diagnostics;
using Fabric.Agent.Core.Allocation;
using Fabric.Model.Datapath;
using Fabric.Primitives;

namespace Fabric.Agent.Core.Tables;

/// <summary>
/// The next hops in use, counted: the first user installs one, the last removes it. The id of an interface's next hop is
/// kept for as long as its port is plugged; the others are freed with the last user.
/// </summary>
public sealed class NextHopTable(IdPool ids, DeltaTable<uint, NextHopEntry> table)
{
    private readonly Dictionary<NextHopKey, Entry> _entries = [];

    private sealed record Entry(uint Id)
    {
        public int Users { get; set; }
    }

    public bool IsInUse(string name) => ids.TryGet(name, out var id) && table.Desired.ContainsKey(id);

    /// <summary>The id of the next hop, installed for one more user; null when ids are exhausted. The function gives an active port's vif.</summary>
    public uint? Acquire(NextHopKey key, Func<string, uint> vifOf)
    {
        if (!_entries.TryGetValue(key, out var entry))
        {
            if (!ids.TryAssign(key.Name, out var id))
            {
                return null;
            }

            if (Compile(id, key, vifOf) is not { } message)
            {
                ids.Free(key.Name);
                return null;
            }

            _entries.Add(key, entry = new Entry(id));
            table.Set(id, message);
        }

        entry.Users++;
        return entry.Id;
    }

    public void Release(NextHopKey key)
    {
        var entry = _entries[key];
        if (--entry.Users > 0)
        {
            return;
        }

        _entries.Remove(key);
        table.Remove(entry.Id);
        if (key is not NextHopKey.Interface)
        {
            ids.Free(key.Name);
        }

        if (key is NextHopKey.Ecmp ecmp)
        {
            foreach (var member in ecmp.Members)
            {
                Release(member.Key);
            }
        }
    }

    private NextHopEntry? Compile(uint id, NextHopKey key, Func<string, uint> vifOf) =>
        key switch
        {
            NextHopKey.Interface own => new NextHopEntry
            {
                Id = id,
                Interface = new InterfaceNextHop { Vif = vifOf(own.Port) },
            },
            NextHopKey.Receive => new NextHopEntry { Id = id, Receive = new ReceiveNextHop() },
            NextHopKey.Tunnel tunnel => new NextHopEntry { Id = id, Tunnel = Compile(tunnel) },
            NextHopKey.Ecmp ecmp => CompileEcmp(id, ecmp, vifOf),
            _ => throw new UnreachableException(key.GetType().Name),
        };

    private static TunnelNextHop Compile(NextHopKey.Tunnel tunnel) =>
        new()
        {
            Destination = tunnel.Destination.Ipv4,
            Kind = tunnel.Encapsulation switch
            {
                TunnelEncapsulations.MplsOverGre => TunnelKind.MplsOverGre,
                TunnelEncapsulations.MplsOverUdp => TunnelKind.MplsOverUdp,
                TunnelEncapsulations.Vxlan => TunnelKind.Vxlan,
                _ => throw new UnreachableException(tunnel.Encapsulation.ToString()),
            },
        };

    private NextHopEntry? CompileEcmp(uint id, NextHopKey.Ecmp key, Func<string, uint> vifOf)
    {
        var ecmp = new EcmpNextHop();
        for (var i = 0; i < key.Members.Count; i++)
        {
            if (Acquire(key.Members[i].Key, vifOf) is not { } member)
            {
                for (var taken = 0; taken < i; taken++)
                {
                    Release(key.Members[taken].Key);
                }

                return null;
            }

            ecmp.Members.Add(new EcmpMember { NextHop = member, Label = key.Members[i].Label });
        }

        return new NextHopEntry { Id = id, Ecmp = ecmp };
    }
}
