using System.Text.RegularExpressions;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Tests;

/// <summary>A RIB with receivers that hold what they are told.</summary>
internal sealed class Fixture
{
    public static readonly AsNumber LocalAs = new(64512);
    private readonly UpdateBatch _batch = new();
    private byte _peers;

    public Fixture(uint? clusterId = null) =>
        Core = new RoutingCore(
            new RoutingOptions
            {
                LocalAs = LocalAs,
                RouterId = BgpIdentifier.Parse("192.0.2.1"),
                LocalAddress = IpAddress.Parse("192.0.2.1"),
                ClusterId = clusterId,
            }
        );

    public RoutingCore Core { get; }

    /// <summary>What each peer holds, as a line for a route.</summary>
    public Dictionary<string, SortedDictionary<string, string>> Held { get; } = [];

    /// <summary>Every message in the order of arrival: "peer: +route", "peer: -route", "peer: end FAMILY", "peer: begin FAMILY", "peer: done FAMILY".</summary>
    public List<string> Messages { get; } = [];

    public Dictionary<PeerId, string> Names { get; } = [];

    public PeerId Agent(string name) => Establish(name, PeerKind.Agent);

    public PeerId Internal(string name, bool client = false, bool rtc = false) => Establish(name, PeerKind.InternalBgp, client, rtc);

    public PeerId External(string name) => Establish(name, PeerKind.ExternalBgp);

    /// <summary>A route reflector's client that speaks these families.</summary>
    public PeerId Client(string name, params AddressFamily[] families) =>
        Establish(name, PeerKind.InternalBgp, client: true, families: families);

    public PeerId Establish(
        string name,
        PeerKind kind,
        bool client = false,
        bool rtc = false,
        int? number = null,
        AddressFamily[]? families = null
    )
    {
        return Establish(Define(name, kind, number ?? 10 + ++_peers, client, rtc, families));
    }

    public PeerId Establish(PeerDefinition definition)
    {
        var id = Core.Establish(definition);
        Names[id] = definition.Name;
        Held[definition.Name] = [];
        return id;
    }

    /// <summary>The peer 192.0.2.number.</summary>
    public static PeerDefinition Define(
        string name,
        PeerKind kind,
        int number,
        bool client = false,
        bool rtc = false,
        AddressFamily[]? families = null
    )
    {
        var address = IpAddress.Parse($"192.0.2.{number}");
        return new PeerDefinition
        {
            Name = name,
            Kind = kind,
            RouterId = new BgpIdentifier(address.Ipv4),
            Address = address,
            IsRouteReflectorClient = client,
            Families =
            [
                .. families ?? [AddressFamily.Vpnv4, AddressFamily.Vpnv6],
                .. rtc ? new[] { AddressFamily.RouteTargetMembership } : [],
            ],
        };
    }

    public void Vrf(string name, string imports, string? exports = null) =>
        Core.ConfigureVrf(
            new VrfDefinition
            {
                Name = name,
                ImportTargets = Targets(imports),
                ExportTargets = Targets(exports ?? imports),
            }
        );

    public static EquatableArray<RouteTarget> Targets(string numbers) =>
        [.. numbers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => Target(uint.Parse(n)))];

    public static RouteTarget Target(uint number) => RouteTarget.FromAs(LocalAs, number);

    public static RouteDistinguisher Rd(string text) => RouteDistinguisher.Parse(text);

    public static IpPrefix Prefix(string text) => IpPrefix.Parse(text);

    public static PathAttributes Attributes(
        string nextHop,
        string targets = "",
        uint? localPref = null,
        uint? med = null,
        string asPath = ""
    ) =>
        new()
        {
            NextHop = IpAddress.Parse(nextHop),
            LocalPref = localPref,
            MultiExitDisc = med,
            AsPath = AsPathOf(asPath),
            ExtendedCommunities = [.. Targets(targets).Select(t => t.Community).Order()],
        };

    /// <summary>Such as "65001 65002", with "(65010 65011)" for a confederation's sequence and "{65001,65002}" for a set.</summary>
    private static AsPath AsPathOf(string text) =>
        new([.. Regex.Matches(text, @"\([^)]*\)|\{[^}]*\}|\d+( \d+)*").Select(segment => SegmentOf(segment.Value))]);

    private static AsPathSegment SegmentOf(string text) =>
        new(
            text[0] switch
            {
                '(' => AsPathSegmentType.ConfederationSequence,
                '{' => AsPathSegmentType.Set,
                _ => AsPathSegmentType.Sequence,
            },
            [.. text.Trim('(', ')', '{', '}').Split(' ', ',').Select(n => new AsNumber(uint.Parse(n)))]
        );

    /// <summary>Advertises a VPN route "RD:prefix" with a label.</summary>
    public void Vpn(PeerId peer, string rd, string prefix, PathAttributes attributes, uint label = 100) =>
        Core.Advertise(peer, Rd(rd), Prefix(prefix), attributes, new MplsLabel(label));

    public void Withdraw(PeerId peer, string rd, string prefix) => Core.Withdraw(peer, Rd(rd), Prefix(prefix));

    public bool Publish(
        PeerId agent,
        string vrf,
        string prefix,
        string nextHop,
        uint label = 16,
        uint? localPref = null,
        string? rd = null
    ) => Core.Advertise(agent, vrf, Prefix(prefix), Rd(rd ?? $"{nextHop}:1"), Attributes(nextHop, "", localPref), new MplsLabel(label));

    public void Want(PeerId peer, uint target) =>
        Core.Advertise(peer, new RouteTargetMembership(LocalAs, Target(target)), Attributes("192.0.2.99"));

    /// <summary>Reads until nothing is left; checks that nothing is withdrawn that was not announced. Then looks at so many unused routes.</summary>
    public Fixture Drain(int maxUpdates = 3, int maxSwept = int.MaxValue)
    {
        while (Read(maxUpdates)) { }

        Core.Sweep(maxSwept);
        return this;
    }

    /// <summary>Reads so many updates of one group and delivers them; false when there is none.</summary>
    public bool Read(int maxUpdates)
    {
        if (Core.Read(_batch, maxUpdates) == 0)
        {
            return false;
        }

        foreach (ref readonly var update in _batch.Updates)
        {
            var key = update.Table switch
            {
                RouteTableKind.Vrf => $"{update.Receivers.Group.VrfName}|{update.Key}",
                RouteTableKind.Evpn when update.Kind is UpdateKind.Advertise or UpdateKind.Withdraw => _batch
                    .EvpnRouteOf(update)
                    .Key.ToString(),
                RouteTableKind.Unicast or RouteTableKind.Labelled => $"{update.Table}|{update.Key}",
                _ => update.Key.ToString(),
            };
            key = update.PathId == 0 ? key : $"{key} #{update.PathId}";
            var text = string.Join(", ", _batch.PathsOf(update).ToArray().Select(path => Describe(_batch.AttributesOf(path), path.Label)));
            text = update.Family == AddressFamily.L2VpnEvpn && text.Length > 0 ? $"{text} {_batch.EvpnRouteOf(update).Data}" : text;
            foreach (var receiver in update.Receivers)
            {
                Deliver(Names[receiver], update, key, text);
            }
        }

        return true;
    }

    private void Deliver(string name, in RouteUpdate update, string key, string text)
    {
        switch (update.Kind)
        {
            case UpdateKind.Advertise:
                Held[name][key] = text;
                Messages.Add($"{name}: +{key}");
                break;
            case UpdateKind.Withdraw:
                Assert.That(Held[name].Remove(key), Is.True, $"{name} never had {key}");
                Messages.Add($"{name}: -{key}");
                break;
            case UpdateKind.BeginOfRefresh:
                Messages.Add($"{name}: begin {update.Family}");
                break;
            case UpdateKind.EndOfRefresh:
                Messages.Add($"{name}: done {update.Family}");
                break;
            default:
                Messages.Add($"{name}: end {update.Family}");
                break;
        }
    }

    public static string Describe(PathAttributes attributes, MplsLabel label)
    {
        var text = $"{attributes.NextHop}/{label}";
        text += attributes.AsPath.Segments.IsEmpty ? "" : $" as[{attributes.AsPath}]";
        text += attributes.LocalPref is { } pref ? $" lp{pref}" : "";
        text += attributes.MultiExitDisc is { } med ? $" med{med}" : "";
        text += attributes.OriginatorId is { } originator ? $" from {originator}" : "";
        text += string.Concat(attributes.Communities.Select(c => $" {c >> 16}:{c & 0xFFFF}"));
        text += attributes.ClusterList.IsEmpty ? "" : $" via {string.Join(' ', attributes.ClusterList)}";
        return text + string.Concat(attributes.RouteTargets.Select(t => " " + t));
    }
}
