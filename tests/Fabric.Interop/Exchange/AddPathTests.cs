using Fabric.Interop.Captures;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;
using Fabric.Lab.Checks;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Interop.Exchange;

/// <summary>
/// Several paths of one prefix (RFC 7911) between the control node and every maker's daemon, said and taken. FRR, BIRD and OpenBGPD are ASes beside
/// each other: what one of them has itself it says along with what it hears of the others. GoBGP and ExaBGP make two paths by themselves.
/// </summary>
public sealed class AddPathTests
{
    private static readonly Family[] s_families = [Family.Ipv4, Family.Ipv6, Family.LabelledIpv4, Family.LabelledIpv6, Family.Vpnv4];

    private static readonly UpdateContext s_context = OwnReading.Plain with { AddPathFamilies = [.. AddressFamily.All] };

    private ReflectorExchange _exchange = null!;
    private Capture _capture = null!;

    private Member Frr => _exchange.Of(Software.Frr);

    private Member Bird => _exchange.Of(Software.Bird);

    private Member OpenBgpd => _exchange.Of(Software.OpenBgpd);

    [OneTimeSetUp]
    public async Task StartAsync() =>
        _exchange = await ReflectorExchange.StartAsync(
            [
                (
                    Beside(
                        Software.Frr.Speaking(Family.Ipv4, Family.Vpnv4),
                        Outside(3, Family.Ipv4, Family.Vpnv4),
                        Outside(4, Family.Ipv4)
                    ),
                    Role.External
                ),
                (Beside(Software.Bird.Speaking(s_families), Outside(2, Family.Ipv4, Family.Vpnv4)), Role.External),
                (Beside(Software.OpenBgpd.Speaking(Family.Ipv4, Family.Vpnv4), Outside(2, Family.Ipv4)), Role.External),
                (Beside(Software.GoBgp.Speaking(s_families)), Role.Client),
                (Beside(Software.ExaBgp.Speaking(s_families)), Role.Client),
            ],
            async (_, center) =>
            {
                _capture = await Capture.StartAsync(center.Namespace, "eth0", center.PathOf("capture.pcap"));
                return [];
            },
            neighbor => neighbor with { HasAddPath = true }
        );

    [OneTimeTearDown]
    public async Task EndAsync()
    {
        await _capture.DisposeAsync();
        await _exchange.DisposeAsync();
    }

    [Test]
    public async Task Paths_that_neighbours_have_of_each_other_come_to_all_and_go_one_by_one()
    {
        var (frr, bird, openBgpd) = (Shared(Frr, Family.Ipv4), Shared(Bird, Family.Ipv4), Shared(OpenBgpd, Family.Ipv4));
        await Frr.Speaker.AnnounceAsync(frr);
        await Bird.Speaker.AnnounceAsync(bird);
        await OpenBgpd.Speaker.AnnounceAsync(openBgpd);
        await AllHoldAsync(frr, OfAllThree(frr, bird, openBgpd));

        await Bird.Speaker.WithdrawAsync(bird);
        await AllHoldAsync(
            frr,
            (Frr, frr),
            (Frr, Relayed(openBgpd, OpenBgpd)),
            (Bird, WithMultiExitDisc(Relayed(frr, Frr), frr)),
            (OpenBgpd, openBgpd),
            (OpenBgpd, Relayed(frr, Frr))
        );

        await Frr.Speaker.WithdrawAsync(frr);
        await AllHoldAsync(frr, (Frr, Relayed(openBgpd, OpenBgpd)), (Bird, Relayed(openBgpd, Frr, OpenBgpd)), (OpenBgpd, openBgpd));

        await OpenBgpd.Speaker.WithdrawAsync(openBgpd);
        await AllHoldAsync(frr);
    }

    /// <summary>OpenBGPD has no VPN routes of its own, and hears of none but the control node's here; what it is told to forget of them it keeps.</summary>
    [Test]
    public async Task The_same_for_paths_of_a_VPN_prefix()
    {
        var (frr, bird) = (Shared(Frr, Family.Vpnv4), Shared(Bird, Family.Vpnv4));
        await Frr.Speaker.AnnounceAsync(frr);
        await Bird.Speaker.AnnounceAsync(bird);
        await AllHoldAsync(frr, (Frr, frr), (Frr, Relayed(bird, Bird)), (Bird, bird), (Bird, WithMultiExitDisc(Relayed(frr, Frr), frr)));

        await Bird.Speaker.WithdrawAsync(bird);
        await AllHoldAsync(frr, (Frr, frr), (Bird, WithMultiExitDisc(Relayed(frr, Frr), frr)));

        await Frr.Speaker.WithdrawAsync(frr);
        await AllHoldAsync(frr);
    }

    /// <summary>GoBGP's commands have a word for the identifier of a unicast path alone.</summary>
    [TestCase("gobgp", Family.Ipv4)]
    [TestCase("gobgp", Family.Ipv6)]
    [TestCase("exabgp", Family.Ipv4)]
    [TestCase("exabgp", Family.Ipv6)]
    [TestCase("exabgp", Family.LabelledIpv4)]
    [TestCase("exabgp", Family.LabelledIpv6)]
    [TestCase("exabgp", Family.Vpnv4)]
    public async Task Two_paths_of_one_speaker_come_to_all_and_go_one_by_one(string name, int family)
    {
        var source = _exchange.Members.Single(member => member.Software.Name == name);
        var first = Shared(source, (Family)family) with { PathIdentifier = 1 };
        var second = first with { PathIdentifier = 2, MultiExitDisc = 7, Communities = "64512:777" };

        await source.Speaker.AnnounceAsync(first);
        await source.Speaker.AnnounceAsync(second);
        await AllHoldAsync(first, (source, first), (source, second));

        await source.Speaker.WithdrawAsync(first);
        await AllHoldAsync(first, (source, second));

        await source.Speaker.WithdrawAsync(second);
        await AllHoldAsync(first);
    }

    /// <summary>Of paths that are equally long from outside those of the lowest identifiers are the best (RFC 4271 section 9.1.2.2 f).</summary>
    [TestCase(1)]
    [TestCase(2)]
    public async Task A_neighbour_is_told_the_best_paths_and_no_more_of_them_than_it_may_have(int limit)
    {
        var exaBgp = _exchange.Of(Software.ExaBgp);
        (Member Source, Route Route)[] own = [.. new[] { Frr, Bird, OpenBgpd }.Select(source => (source, Shared(source, Family.Ipv4)))];
        var route = own[0].Route;
        foreach (var (source, path) in own)
        {
            await source.Speaker.AnnounceAsync(path);
        }

        await HoldsAsync(exaBgp, route, OfAllThree(own[0].Route, own[1].Route, own[2].Route));
        await ReloadAsync(exaBgp, $"add-path: {{ {string.Join(", ", s_families.Select(KeyOf))} }}");
        await HoldsAsync(exaBgp, route, own[..limit]);

        await Frr.Speaker.WithdrawAsync(route);
        await HoldsAsync(exaBgp, route, own[1..(1 + limit)]);

        await ReloadAsync(exaBgp);
        await Bird.Speaker.WithdrawAsync(own[1].Route);
        await OpenBgpd.Speaker.WithdrawAsync(own[2].Route);
        await AllHoldAsync(route);

        string KeyOf(Family family) => $"{family.InFile()}: {{ receive: true, send: {(family == Family.Ipv4 ? $"{limit}" : "all")} }}";
    }

    /// <summary>tshark 4.0 knows of no identifiers before VPN routes.</summary>
    [Test]
    public async Task Paths_are_read_as_tshark_reads_them()
    {
        Family[] known = [.. s_families.Where(family => !family.HasDistinguisher())];
        foreach (var family in known)
        {
            await Two_paths_of_one_speaker_come_to_all_and_go_one_by_one("exabgp", (int)family);
        }

        var messages = await CapturedMessage.AllAsync(_capture);

        CapturedMessage.AreReadEqually([.. messages.Where(message => !IsOfVpn(message))], s_context);
        var routes = messages.SelectMany(message => TsharkReading.Of(message.Dissection)).ToList();
        foreach (var family in known)
        {
            var words = $"{int.Parse(family.AfiInHex())}/{int.Parse(family.SafiInHex())}";
            Assert.That(routes, Has.Some.Matches($@"^reach {words} .* path \d+$").And.Some.Matches($@"^withdraw {words} .* path \d+$"));
        }
    }

    private static bool IsOfVpn(CapturedMessage message) =>
        new[] { "mp_reach_nlri", "mp_unreach_nlri" }
            .SelectMany(name => message.Dissection.Fields($"bgp.update.path_attribute.{name}.safi"))
            .Any(safi => safi.Show() == "128");

    private static Software Beside(Software software, params Neighbor[] others) =>
        software with
        {
            Originates = [],
            OriginatesOutside = null,
            Make = (node, number, neighbors) => software.Make(node, number, [.. neighbors, .. others]),
        };

    /// <summary>A daemon by the number of its machine.</summary>
    private static Neighbor Outside(int number, params IReadOnlyList<Family> families) =>
        new($"beside-{number}", $"10.7.0.{number}", ReflectorExchange.ExternalAs(number), families);

    /// <summary>A member's own path of the prefix that they all have.</summary>
    private static Route Shared(Member member, Family family) =>
        member.FurtherRoute(family) with
        {
            Distinguisher = family.HasDistinguisher() ? "64512:200" : "",
        };

    /// <summary>As it is after ASes: the MED of one ends in the next (RFC 4271 section 5.1.4).</summary>
    private static Route Relayed(Route route, params IEnumerable<Member> via) =>
        route with
        {
            AsPath = string.Join(' ', via.Select(member => member.Speaker.As)),
            MultiExitDisc = null,
        };

    private (Member Source, Route Route)[] OfAllThree(Route frr, Route bird, Route openBgpd) =>
        [
            (Frr, frr),
            (Frr, Relayed(bird, Bird)),
            (Frr, Relayed(openBgpd, OpenBgpd)),
            (Bird, bird),
            (Bird, WithMultiExitDisc(Relayed(frr, Frr), frr)),
            (OpenBgpd, openBgpd),
            (OpenBgpd, Relayed(frr, Frr)),
        ];

    /// <summary>BIRD's filter here lets a MED through.</summary>
    private static Route WithMultiExitDisc(Route relayed, Route route) => relayed with { MultiExitDisc = route.MultiExitDisc };

    private Task ReloadAsync(Member changed, params string[] keys) =>
        _exchange.Reflector.ReloadAsync([
            .. _exchange.Reflector.Neighbors.Select(neighbor =>
                neighbor.Name != changed.Name
                    ? neighbor
                    : neighbor with
                    {
                        HasAddPath = keys.Length == 0,
                        FurtherKeys = [.. ReflectorExchange.KeysOf(changed.Role), .. keys],
                    }
            ),
        ]);

    /// <summary>These are the paths that there are of a prefix, as said to the control node.</summary>
    private async Task AllHoldAsync(Route prefix, params (Member Source, Route Route)[] paths)
    {
        foreach (var receiver in _exchange.Members.Where(member => member.Software.Families.Contains(prefix.Family)))
        {
            await HoldsAsync(receiver, prefix, paths);
        }
    }

    private Task HoldsAsync(Member receiver, Route prefix, params (Member Source, Route Route)[] paths) =>
        Eventually.HoldsAsync(
            async () =>
                (await ReflectorExchange.ReceivedAsync(receiver, prefix.Family)).Where(route => route.Prefix == prefix.Prefix).ToList(),
            receiver.Software.KeepsWithdrawn.Contains(prefix.Family)
                ? Is.SupersetOf(Expected(receiver, paths))
                : Is.EquivalentTo(Expected(receiver, paths)),
            () => _exchange.Logs(_exchange.Members)
        );

    /// <summary>Without those that have its AS in their path: they are loops (RFC 4271 section 9).</summary>
    private List<Route> Expected(Member receiver, IEnumerable<(Member Source, Route Route)> paths) =>
        [
            .. paths
                .Where(path => path.Source != receiver && !path.Route.AsPath.Split(' ').Contains($"{receiver.Speaker.As}"))
                .Select(path => receiver.Speaker.AsShown(Reflection.Of(path.Route, path.Source, receiver, _exchange.Reflector))),
        ];
}
