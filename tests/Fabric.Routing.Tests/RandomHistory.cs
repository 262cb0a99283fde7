using Fabric.Primitives;

namespace Fabric.Routing.Tests;

/// <summary>Does seeded random things to the RIB and to the oracle alike.</summary>
internal sealed partial class RandomHistory
{
    private static readonly string[] VrfNames = ["red", "blue", "green"];
    private static readonly string[] Prefixes = ["10.1.0.5/32", "10.1.0.0/24", "2001:db8::5/128"];
    private static readonly string[] Rds = ["64512:1", "64512:2"];
    public static readonly AddressFamily[] Families =
    [
        AddressFamily.Vpnv4,
        AddressFamily.Vpnv6,
        AddressFamily.RouteTargetMembership,
        AddressFamily.Ipv4Unicast,
        AddressFamily.Ipv6Unicast,
    ];
    private readonly Random _random;
    private readonly Dictionary<string, PeerId> _ids = [];

    public RandomHistory(int seed)
    {
        _random = new Random(seed);
        uint? clusterId = seed % 3 == 0 ? null : 7;
        Fixture = new Fixture(clusterId);
        Oracle = new Oracle(clusterId);
        Add("a", PeerKind.Agent);
        Add("b", PeerKind.Agent);
        Add("p", PeerKind.InternalBgp, client: true);
        Add("q", PeerKind.InternalBgp, client: true, rtc: true);
        Add("r", PeerKind.InternalBgp, rtc: true);
        Add("s", PeerKind.InternalBgp, client: true, rtc: true);
        Add("t", PeerKind.InternalBgp, rtc: true);
        Add("e", PeerKind.ExternalBgp);
    }

    public Fixture Fixture { get; }

    /// <summary>Agents have an RD for each VRF, as they should (RFC 4364 section 4.2); else any of few.</summary>
    public bool HasOwnRds { get; init; }

    public Oracle Oracle { get; }

    public HashSet<string> Blocked { get; } = [];

    private void Add(string name, PeerKind kind, bool client = false, bool rtc = false)
    {
        var routerId = IpAddress.Parse($"192.0.2.{20 + Oracle.Speakers.Count}").Ipv4;
        Oracle.Speakers.Add(name, new Oracle.Speaker(name, kind, rtc, routerId) { IsClient = client });
    }

    public void Step()
    {
        var speaker = Pick(Oracle.Speakers.Values.ToArray());
        switch (_random.Next(20))
        {
            case 0:
                DefineVrf(Pick(VrfNames));
                break;
            case 1 when _random.Next(2) == 0:
                var name = Pick(VrfNames);
                Oracle.Vrfs.Remove(name);
                Fixture.Core.RemoveVrf(name);
                break;
            case 2 when _random.Next(4) == 0:
                Lose(speaker);
                break;
            case 3:
                Sweep(speaker);
                break;
            case 4 when speaker.IsUp:
                var blocked = Blocked.Add(speaker.Name) || !Blocked.Remove(speaker.Name);
                Fixture.Core.SetBlocked(_ids[speaker.Name], blocked);
                break;
            case 5:
                Redefine(speaker);
                break;
            case 6:
                GrowOld();
                break;
            case 7 when speaker.IsUp:
                Refresh(speaker);
                break;
            case 8 when speaker.Kind == PeerKind.Agent:
                ChangeAdmission(speaker, Pick(VrfNames));
                break;
            default:
                Say(speaker);
                break;
        }
    }

    private void Say(Oracle.Speaker speaker)
    {
        if (!speaker.IsUp)
        {
            Establish(speaker);
        }
        else if (speaker.Kind == PeerKind.Agent)
        {
            SayAsAgent(speaker, _ids[speaker.Name]);
        }
        else
        {
            SayAsBgpPeer(speaker, _ids[speaker.Name]);
        }
    }

    private void Establish(Oracle.Speaker speaker)
    {
        ChooseRules(speaker);
        _ids[speaker.Name] = Fixture.Establish(DefinitionOf(speaker));
        (speaker.IsUp, speaker.MembershipsKnown) = (true, Oracle.Wanted.Keys.Any(wanted => wanted.Peer == speaker.Name));
        Blocked.Remove(speaker.Name);
    }

    private void SayAsAgent(Oracle.Speaker agent, PeerId id)
    {
        var (vrf, prefix) = (Pick(VrfNames), Pick(Prefixes));
        var isSubscribed = Oracle.StaleBySubscription.TryGetValue((agent.Name, vrf), out var isStale);
        if (!isSubscribed || isStale)
        {
            Oracle.StaleBySubscription[(agent.Name, vrf)] = false;
            Fixture.Core.Subscribe(id, vrf, isAdmitted: !Oracle.NotAdmitted.Contains((agent.Name, vrf)));
        }
        else if (_random.Next(8) == 0)
        {
            Oracle.StaleBySubscription.Remove((agent.Name, vrf));
            RemoveWhere(Oracle.Published, k => k.Agent == agent.Name && k.Vrf == vrf);
            Fixture.Core.Unsubscribe(id, vrf);
        }
        else if (_random.Next(3) == 0)
        {
            Oracle.Published.Remove((agent.Name, vrf, prefix));
            Fixture.Core.Withdraw(id, vrf, Fixture.Prefix(prefix));
        }
        else
        {
            var attributes = Fixture.Attributes(
                agent.Name == "a" ? "198.51.100.1" : "198.51.100.2",
                localPref: _random.Next(3) == 0 ? 200 : null
            );
            var said = new Oracle.Said(
                attributes,
                (uint)_random.Next(16, 18),
                HasOwnRds ? $"198.51.100.{agent.Name[0] - 'a' + 1}:{Array.IndexOf(VrfNames, vrf) + 10 + _random.Next(2) * 10}"
                    : agent.Name == "a" ? Pick(Rds)
                    : $"198.51.100.2:{_random.Next(2)}"
            );
            Oracle.Published[(agent.Name, vrf, prefix)] = said;
            Fixture.Core.Advertise(id, vrf, Fixture.Prefix(prefix), Fixture.Rd(said.Rd), attributes, new MplsLabel(said.Label));
        }
    }

    private void ChangeAdmission(Oracle.Speaker agent, string vrf)
    {
        var isAdmitted = Oracle.NotAdmitted.Remove((agent.Name, vrf)) || !Oracle.NotAdmitted.Add((agent.Name, vrf));
        if (!_ids.TryGetValue(agent.Name, out var id))
        {
            return;
        }

        if (isAdmitted)
        {
            Fixture.Core.Admit(id, vrf);
        }
        else
        {
            Fixture.Core.Suspend(id, vrf);
        }
    }

    private void SayAsBgpPeer(Oracle.Speaker peer, PeerId id)
    {
        var (rd, prefix, target) = (Pick(Rds), Pick(Prefixes), (uint)_random.Next(1, 4));
        switch (_random.Next(peer.HasRtc ? 6 : 3))
        {
            case 0:
                Oracle.Vpn.Remove((peer.Name, rd, prefix));
                Fixture.Withdraw(id, rd, prefix);
                break;
            case 1 or 2:
                var said = new Oracle.Said(RandomAttributes(), (uint)_random.Next(100, 102));
                Oracle.Vpn[(peer.Name, rd, prefix)] = said;
                Fixture.Vpn(id, rd, prefix, said.Attributes, said.Label);
                break;
            case 3:
                peer.MembershipsKnown = true;
                Fixture.Core.MembershipsKnown(id);
                break;
            case 4:
                Oracle.Wanted[(peer.Name, target)] = new Oracle.Said(Fixture.Attributes("192.0.2.99"), 0);
                Fixture.Want(id, target);
                break;
            default:
                Oracle.Wanted.Remove((peer.Name, target));
                Fixture.Core.Withdraw(id, new RouteTargetMembership(Fixture.LocalAs, Fixture.Target(target)));
                break;
        }
    }

    private void Lose(Oracle.Speaker speaker)
    {
        if (!_ids.TryGetValue(speaker.Name, out var id))
        {
            return;
        }

        Blocked.Remove(speaker.Name);
        speaker.IsUp = false;
        if (_random.Next(2) == 0)
        {
            _ids.Remove(speaker.Name);
            Fixture.Core.Remove(id);
            Forget(speaker.Name, _ => false);
            RemoveWhere(Oracle.StaleBySubscription, k => k.Agent == speaker.Name);
            return;
        }

        var kept = Families.Where(_ => _random.Next(4) != 0).ToArray();
        Fixture.Core.MarkStale(id, kept);
        Forget(speaker.Name, kept.Contains);
        Oracle.StaleBySubscription.Keys.Where(k => k.Agent == speaker.Name).ToList().ForEach(k => Oracle.StaleBySubscription[k] = true);
        Each(speaker.Name, (said, _) => said.IsStale = true);
    }

    private void Sweep(Oracle.Speaker speaker)
    {
        if (!_ids.TryGetValue(speaker.Name, out var id))
        {
            return;
        }

        var swept = Pick(Families);
        Fixture.Core.SweepStale(id, swept);
        var stale = new HashSet<Oracle.Said>(ReferenceEqualityComparer.Instance);
        Each(speaker.Name, (said, family) => _ = said.IsStale && family == swept && stale.Add(said));
        RemoveSaid(stale);
        if (speaker.IsUp && swept == AddressFamily.Ipv4Unicast)
        {
            Fixture.Core.SweepStaleSubscriptions(id);
            foreach (var key in Oracle.StaleBySubscription.Where(s => s.Key.Agent == speaker.Name && s.Value).Select(s => s.Key).ToList())
            {
                Oracle.StaleBySubscription.Remove(key);
                RemoveWhere(Oracle.Published, k => k.Agent == key.Agent && k.Vrf == key.Vrf);
            }
        }
    }

    private void Forget(string name, Func<AddressFamily, bool> keeps)
    {
        var gone = new HashSet<Oracle.Said>(ReferenceEqualityComparer.Instance);
        Each(name, (said, family) => _ = !keeps(family) && gone.Add(said));
        RemoveSaid(gone);
    }

    private void RemoveSaid(HashSet<Oracle.Said> gone)
    {
        Oracle.Vpn.Where(v => gone.Contains(v.Value)).ToList().ForEach(v => Oracle.Vpn.Remove(v.Key));
        Oracle.Published.Where(v => gone.Contains(v.Value)).ToList().ForEach(v => Oracle.Published.Remove(v.Key));
        Oracle.Wanted.Where(v => gone.Contains(v.Value)).ToList().ForEach(v => Oracle.Wanted.Remove(v.Key));
    }

    private void Each(string name, Action<Oracle.Said, AddressFamily> action)
    {
        foreach (var (key, said) in Oracle.Vpn.Where(v => v.Key.Peer == name).ToList())
        {
            action(said, Oracle.VpnFamilyOf(key.Prefix));
        }

        foreach (var (key, said) in Oracle.Published.Where(v => v.Key.Agent == name).ToList())
        {
            action(said, Oracle.VrfFamilyOf(key.Prefix));
        }

        foreach (var said in Oracle.Wanted.Where(v => v.Key.Peer == name).Select(v => v.Value).ToList())
        {
            action(said, AddressFamily.RouteTargetMembership);
        }
    }

    private Fabric.Wire.Bgp.PathAttributes RandomAttributes() =>
        Fixture.Attributes(
            $"203.0.113.{_random.Next(1, 3)}",
            RandomTargets(),
            _random.Next(3) == 0 ? 200 : null,
            _random.Next(2) == 0 ? (uint)_random.Next(3) : null,
            Pick(["", "65001", "65002", "65001 64512", "(65010) 65001", "(65010 65011)", "{65001,65003}"])
        ) with
        {
            Communities = Chance(3) ? [Oracle.NoLongLivedGracefulRestart] : [],
        };

    private string RandomTargets() => string.Join(' ', Enumerable.Range(1, 3).Where(_ => _random.Next(2) == 0));

    private static uint[] Numbers(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(uint.Parse)];

    private static void RemoveWhere<TKey, TValue>(Dictionary<TKey, TValue> map, Func<TKey, bool> condition)
        where TKey : notnull => map.Keys.Where(condition).ToList().ForEach(k => map.Remove(k));

    private T Pick<T>(T[] items) => items[_random.Next(items.Length)];

    public bool Chance(int oneIn) => _random.Next(oneIn) == 0;
}
