using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Tests;

/// <summary>Does seeded random things with routes of all families of BGP peers, to the RIB and to the oracle alike.</summary>
internal sealed partial class FamilyHistory
{
    private static readonly string[] VrfNames = ["red", "blue"];
    private static readonly EthernetSegmentId Segment = EthernetSegmentId.Read(Convert.FromHexString("00112233445566778899"));

    private static readonly AddressFamily[] Families =
    [
        AddressFamily.Ipv4Unicast,
        AddressFamily.Ipv6Unicast,
        AddressFamily.LabelledIpv4,
        AddressFamily.LabelledIpv6,
        AddressFamily.Vpnv4,
        AddressFamily.Vpnv6,
        AddressFamily.L2VpnEvpn,
    ];

    private const int AllPaths = int.MaxValue;

    private readonly Random _random;
    private readonly Dictionary<string, PeerId> _ids = [];

    public FamilyHistory(int seed)
    {
        _random = new Random(seed);
        Fixture = new Fixture(clusterId: 7);
        Add("p", PeerKind.InternalBgp, isClient: true, sendsPathIds: true);
        Add("q", PeerKind.InternalBgp, isClient: true, hasRtc: true);
        Add("r", PeerKind.InternalBgp, isClient: false, hasRtc: true, pathLimit: AllPaths);
        Add("s", PeerKind.InternalBgp, isClient: true, pathLimit: AllPaths, sendsPathIds: true);
        Add("t", PeerKind.InternalBgp, isClient: true, pathLimit: 2);
        Add("e", PeerKind.ExternalBgp, isClient: false, pathLimit: 1);
    }

    public Fixture Fixture { get; }

    public FamilyOracle Oracle { get; } = new();

    public HashSet<string> Blocked { get; } = [];

    public void Step()
    {
        var speaker = Pick(Oracle.Speakers.Values.ToArray());
        switch (_random.Next(20))
        {
            case 0:
                DefineVrf(Pick(VrfNames));
                break;
            case 1 when Chance(2):
                var removed = Pick(VrfNames);
                Oracle.Vrfs.Remove(removed);
                Fixture.Core.RemoveVrf(removed);
                break;
            case 2 when Chance(4) && speaker.IsUp:
                Lose(speaker);
                break;
            case 3 when _ids.TryGetValue(speaker.Name, out var swept):
                var family = Pick(Families);
                Fixture.Core.SweepStale(swept, family);
                Oracle.Forget(speaker.Name, (key, said) => said.IsStale && key.Family == family);
                break;
            case 4 when speaker.IsUp:
                Fixture.Core.SetBlocked(_ids[speaker.Name], Blocked.Add(speaker.Name) || !Blocked.Remove(speaker.Name));
                break;
            case 5 when speaker.IsUp && speaker.HasRtc:
                Ask(speaker);
                break;
            case 6:
                Redefine(speaker);
                break;
            case 7:
                GrowOld();
                break;
            case 8 when speaker.IsUp:
                Refresh(speaker);
                break;
            default:
                Say(speaker);
                break;
        }
    }

    public bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private void Add(string name, PeerKind kind, bool isClient, bool hasRtc = false, int pathLimit = 0, bool sendsPathIds = false) =>
        Oracle.Speakers.Add(
            name,
            new FamilyOracle.Speaker(name, kind, hasRtc, sendsPathIds, 20 + Oracle.Speakers.Count)
            {
                IsClient = isClient,
                PathLimit = pathLimit,
            }
        );

    private void Say(FamilyOracle.Speaker speaker)
    {
        if (!speaker.IsUp)
        {
            Establish(speaker);
            return;
        }

        var id = _ids[speaker.Name];
        var key = new FamilyOracle.Key(speaker.Name, Pick(FamilyOracle.Samples), speaker.SendsPathIds ? (uint)_random.Next(3) : 0);
        if (_random.Next(3) == 0)
        {
            Oracle.Said.Remove(key);
            Withdraw(id, key.Route, key.PathId);
            return;
        }

        var data = Pick([new EvpnData(0x641), new EvpnData(0x642), new EvpnData(0x641, Segment), new EvpnData(0x641, secondLabel: 7)]);
        var said = new FamilyOracle.Saying(Attributes(), key.Family.Safi == 1 ? 0 : (uint)_random.Next(100, 102), data);
        Oracle.Said[key] = said;
        Advertise(id, key.Route, said, key.PathId);
    }

    private void Advertise(PeerId id, FamilyOracle.Route route, FamilyOracle.Saying said, uint pathId)
    {
        var label = new MplsLabel(said.Label);
        switch (route.Family.Safi)
        {
            case 1:
                Fixture.Core.Advertise(id, route.Prefix, said.Attributes, pathId);
                break;
            case 4:
                Fixture.Core.AdvertiseLabelled(id, route.Prefix, said.Attributes, label, pathId);
                break;
            case 70:
                Fixture.Core.Advertise(id, new EvpnNlri(route.Evpn!.Value, said.Data), said.Attributes, pathId);
                break;
            default:
                Fixture.Core.Advertise(id, route.Rd, route.Prefix, said.Attributes, label, pathId);
                break;
        }
    }

    private void Withdraw(PeerId id, FamilyOracle.Route route, uint pathId)
    {
        switch (route.Family.Safi)
        {
            case 1:
                Fixture.Core.Withdraw(id, route.Prefix, pathId);
                break;
            case 4:
                Fixture.Core.WithdrawLabelled(id, route.Prefix, pathId);
                break;
            case 70:
                Fixture.Core.Withdraw(id, route.Evpn!.Value, pathId);
                break;
            default:
                Fixture.Core.Withdraw(id, route.Rd, route.Prefix, pathId);
                break;
        }
    }

    private void Establish(FamilyOracle.Speaker speaker)
    {
        ChooseRules(speaker);
        _ids[speaker.Name] = Fixture.Establish(DefinitionOf(speaker));
        (speaker.IsUp, speaker.MembershipsKnown) = (true, Oracle.Wanted.Any(wanted => wanted.Peer == speaker.Name));
        Blocked.Remove(speaker.Name);
    }

    private void Ask(FamilyOracle.Speaker speaker)
    {
        var (id, target) = (_ids[speaker.Name], (uint)_random.Next(1, 4));
        switch (_random.Next(3))
        {
            case 0:
                speaker.MembershipsKnown = true;
                Fixture.Core.MembershipsKnown(id);
                break;
            case 1:
                Oracle.Wanted.Add((speaker.Name, target));
                Fixture.Want(id, target);
                break;
            default:
                Oracle.Wanted.Remove((speaker.Name, target));
                Fixture.Core.Withdraw(id, new RouteTargetMembership(Fixture.LocalAs, Fixture.Target(target)));
                break;
        }
    }

    private void Lose(FamilyOracle.Speaker speaker)
    {
        var id = _ids[speaker.Name];
        speaker.IsUp = false;
        Blocked.Remove(speaker.Name);
        Oracle.Wanted.RemoveWhere(w => w.Peer == speaker.Name);
        if (Chance(2))
        {
            _ids.Remove(speaker.Name);
            Fixture.Core.Remove(id);
            Oracle.Forget(speaker.Name, (_, _) => true);
            return;
        }

        var kept = Families.Where(_ => !Chance(4)).ToArray();
        Fixture.Core.MarkStale(id, kept);
        Oracle.Forget(speaker.Name, (key, _) => !kept.Contains(key.Family));
        foreach (var said in Oracle.Said.Where(s => s.Key.Peer == speaker.Name))
        {
            said.Value.IsStale = true;
        }
    }

    private PathAttributes Attributes()
    {
        var attributes = Fixture.Attributes(
            $"203.0.113.{_random.Next(1, 3)}",
            Targets(),
            Chance(3) ? 200 : null,
            Chance(2) ? (uint)_random.Next(3) : null,
            Pick(["", "65001", "65002", "65001 64512", "(65010) 65001", "(65010 65011)", "{65001,65003}"])
        ) with
        {
            Communities = Chance(4) ? [Tests.Oracle.NoLongLivedGracefulRestart] : [],
        };
        return _random.Next(4) switch
        {
            0 => attributes.WithExtendedCommunities([ExtendedCommunity.MacMobility(Chance(2), (uint)_random.Next(3))]),
            1 => attributes.WithExtendedCommunities([ExtendedCommunity.Encapsulation(8)]),
            _ => attributes,
        };
    }

    private string Targets() => string.Join(' ', Enumerable.Range(1, 3).Where(_ => Chance(2)));

    private T Pick<T>(T[] items) => items[_random.Next(items.Length)];
}
