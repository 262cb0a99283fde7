using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;
using Fabric.Lab.Checks;

namespace Fabric.Interop.Exchange;

/// <summary>Every maker's daemon hears of every other one's routes through the control node, each attribute as the RFCs want it.</summary>
public sealed class ReflectorExchangeTests
{
    private static readonly IReadOnlyList<(Software Software, Role Role)> s_cast =
    [
        .. Software.All.Append(Software.LabelledFrr).SelectMany(software => Enum.GetValues<Role>().Select(role => (software, role))),
    ];

    private ReflectorExchange _exchange = null!;
    private Capture _capture = null!;

    private static IEnumerable<TestCaseData> Tables =>
        s_cast.SelectMany(
            (member, index) =>
                member.Software.Families.Select(f =>
                    new TestCaseData(index, f).SetArgDisplayNames($"{member.Software}, {member.Role}, {f}")
                )
        );

    [OneTimeSetUp]
    public async Task StartAsync() =>
        _exchange = await ReflectorExchange.StartAsync(
            s_cast,
            async (lan, center) =>
            {
                _capture = await Capture.StartAsync(center.Namespace, "eth0", center.PathOf("capture.pcap"));
                return [];
            }
        );

    [OneTimeTearDown]
    public async Task EndAsync()
    {
        await _capture.DisposeAsync();
        await _exchange.DisposeAsync();
    }

    [TestCaseSource(nameof(Tables))]
    public async Task A_speaker_holds_what_the_others_originate(int receiver, int family)
    {
        await _exchange.HoldsAllAsync(_exchange.Members[receiver], (Family)family);
    }

    /// <summary>Both ends connect at once; RFC 4271 section 6.8 leaves one connection of the two.</summary>
    [Test]
    public async Task One_connection_is_left_of_two_that_collide()
    {
        await AllHoldAllAsync();

        var connections = await _exchange.Reflector.Node.Namespace.MustAsync("ss", "-Htn", "state", "established");

        var peers = connections
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3].Split(':')[0]);
        Assert.That(peers, Is.EquivalentTo(_exchange.Members.Select(member => member.Speaker.Node.Address)));
    }

    /// <summary>RFC 6396: unicast routes in records of their own, VPN routes as RIB_GENERIC; OpenBGPD's tool reads both and passes over the rest.</summary>
    [Test]
    public async Task A_dump_of_the_control_node_has_what_each_speaker_originates(
        [Values(Family.Ipv4, Family.Ipv6, Family.Vpnv4, Family.Vpnv6)] int family
    )
    {
        await AllHoldAllAsync();
        var file = _exchange.Reflector.Node.PathOf($"rib-{(Family)family}.mrt");

        await _exchange.Reflector.ShowAsync("bgp", "dump", file);

        foreach (var member in _exchange.Members.Where(member => member.Role != Role.External))
        {
            var originated = member.Speaker.Originated.Where(route => route.Family == (Family)family);
            Assert.That(
                await OpenBgpdSpeaker.ReadDumpAsync(file, member.Speaker.Node.Address, (Family)family),
                Is.EqualTo(originated.Select(Dumped).ToList()),
                member.Name
            );
        }
    }

    /// <summary>Each message that the control node has sent, as another reader of the bytes sees it.</summary>
    [Test]
    public async Task Tshark_finds_no_fault_in_what_the_control_node_has_sent()
    {
        await AllHoldAllAsync();

        var sent = await _capture.FramesAsync(
            $"bgp && ip.src == {_exchange.Reflector.Node.Address}",
            "bgp.type",
            "_ws.malformed",
            "_ws.expert.message",
            "bgp.update.path_attribute.mp_reach_nlri.safi"
        );

        Assert.That(sent.Select(frame => frame["_ws.malformed"]), Is.All.Empty);
        Assert.That(sent.Select(frame => frame["_ws.expert.message"]), Has.None.Contains("BGP").And.None.Contains("length").IgnoreCase);
        var safis = sent.SelectMany(frame => frame["bgp.update.path_attribute.mp_reach_nlri.safi"].Split(',')).ToHashSet();
        Assert.That(safis, Is.SupersetOf(["1", "4", "70", "128"]));
        Assert.That(sent.SelectMany(frame => frame["bgp.type"].Split(',')).ToHashSet(), Is.SupersetOf(["1", "2", "4"]));
    }

    private async Task AllHoldAllAsync()
    {
        foreach (var (member, family) in _exchange.Members.SelectMany(member => member.Software.Families.Select(f => (member, f))))
        {
            await _exchange.HoldsAllAsync(member, family);
        }
    }

    /// <summary>As a route comes and OpenBGPD's tool shows it: without its label, and lists in their order.</summary>
    private static Route Dumped(Route route) =>
        route with
        {
            Label = null,
            Communities = Route.Sorted(route.Communities.Split(' ')),
            RouteTargets = Route.Sorted(route.RouteTargets.Split(' ')),
        };
}
