using Fabric.Interop.Exchange;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;
using Fabric.Lab.Checks;
using Fabric.Wire.Bgp;
using NUnit.Framework.Constraints;

namespace Fabric.Interop.Captures;

/// <summary>
/// Every message between the control node and daemons of all makers, captured: Fabric's decoder has to read in it what tshark does, field by field.
/// The session of each daemon comes up, has routes of all its families announced and withdrawn, is cleared softly, and then hard.
/// </summary>
public sealed class CapturedTrafficTests
{
    private const string Segment = "esi ARBITRARY 11:22:33:44:55:66:77:88:99";

    /// <summary>In GoBGP's words, a route of each EVPN type (RFC 7432 section 7, RFC 9136).</summary>
    private static readonly string[] s_evpn =
    [
        $"a-d {Segment} etag 7 label 1005",
        "macadv 02:00:00:00:00:01 10.1.0.1 etag 0 label 1005",
        $"macadv 02:00:00:00:00:02 0.0.0.0 {Segment} etag 7 label 1005",
        "macadv 02:00:00:00:00:03 fd05::3 etag 0 label 1005",
        "multicast 10.7.9.5 etag 0",
        $"esi 10.7.9.5 {Segment}",
        "prefix 10.5.0.0/24 etag 0 label 1005",
        "prefix fd05::/64 gw fd05::1 etag 0 label 1005",
    ];

    /// <summary>With memberships GoBGP originates nothing of any family, so that this one is another.</summary>
    private static readonly Software s_asking = Software.GoBgp with { Families = [Family.Vpnv4, Family.RouteTargets], Originates = [] };

    private ReflectorExchange _exchange = null!;
    private IReadOnlyList<CapturedMessage> _messages = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Capture? capture = null;
        _exchange = await ReflectorExchange.StartAsync(
            [.. Software.All.Select(software => (software, Role.Client)), (s_asking, Role.NonClient)],
            async (_, center) =>
            {
                capture = await Capture.StartAsync(center.Namespace, "eth0", center.PathOf("capture.pcap"));
                return [];
            },
            neighbor => neighbor with { RestartTime = 30 }
        );
        await using var running = capture!;
        await ExchangeAsync();
        _messages = await CapturedMessage.AllAsync(running);
    }

    [OneTimeTearDown]
    public async Task EndAsync() => await _exchange.DisposeAsync();

    [Test]
    public void A_message_of_each_type_is_read_as_tshark_reads_it([Values] MessageType type)
    {
        var messages = _messages.Where(message => message.Type == type).ToList();

        CapturedMessage.AreReadEqually(messages, OwnReading.Plain);
    }

    /// <summary>AFI and SAFI, for EVPN with the type of the route.</summary>
    [Test]
    public void A_route_of_each_form_is_among_them_announced_and_withdrawn(
        [Values("1/1", "2/1", "1/4", "2/4", "1/128", "2/128", "25/70 1", "25/70 2", "25/70 3", "25/70 4", "25/70 5", "1/132")] string form,
        [Values("reach", "withdraw")] string kind
    ) => Assert.That(_messages.SelectMany(message => TsharkReading.Of(message.Dissection)), Has.Some.StartsWith($"{kind} {form} "));

    /// <summary>What is sent again stands between two marks (RFC 7313 section 4), both ways; the request has none (subtype 0).</summary>
    [Test]
    public void A_refresh_is_asked_for_begun_and_ended_by_both_sides([Values(0, 1, 2)] int subtype, [Values] bool isOurs)
    {
        var own = _exchange.Reflector.Node.Address;

        Assert.That(
            _messages.Where(message => message.Source == own == isOurs).SelectMany(message => TsharkReading.Of(message.Dissection)),
            Has.Some.EqualTo($"route-refresh 1/1 {subtype}")
        );
    }

    private async Task ExchangeAsync()
    {
        foreach (var receiver in _exchange.Members.Where(member => member.Role == Role.Client))
        {
            foreach (var family in receiver.Software.Families)
            {
                await _exchange.HoldsAllAsync(receiver, family);
            }
        }

        await EvpnAsync();
        await MembershipAsync();
        await WithdrawalsAsync();
        var frr = (FrrSpeaker)_exchange.Of(Software.Frr).Speaker;
        var before = await frr.UpdatesReceivedAsync();
        await frr.RefreshAsync(Family.Ipv4);
        await EventuallyAsync(frr.UpdatesReceivedAsync, Is.GreaterThan(before));
        await _exchange.Reflector.ShowAsync("bgp", "clear", "all", "soft");
        foreach (var member in _exchange.Members)
        {
            await EventuallyAsync(member.Speaker.RefreshesReceivedAsync, Is.Positive);
        }

        await _exchange.Reflector.ShowAsync("bgp", "clear", "all", "--message", "new card");
        await EventuallyAsync(frr.TimesEstablishedAsync, Is.GreaterThan(1));
    }

    private async Task EvpnAsync()
    {
        var (goBgp, exaBgp) = ((GoBgpSpeaker)_exchange.Of(Software.GoBgp).Speaker, (ExaBgpSpeaker)_exchange.Of(Software.ExaBgp).Speaker);
        var before = exaBgp.RawNlri().Count;
        await ForEachAsync("add");
        await EventuallyAsync(() => Task.FromResult(exaBgp.RawNlri()), Has.Count.EqualTo(before + s_evpn.Length));
        await ForEachAsync("del");

        async Task ForEachAsync(string verb)
        {
            foreach (var route in s_evpn)
            {
                await goBgp.ShowAsync(["global", "rib", verb, "-a", "evpn", .. route.Split(' '), "rd", "64512:5", "rt", "64512:105"]);
            }
        }
    }

    private async Task MembershipAsync()
    {
        var goBgp = (GoBgpSpeaker)_exchange.Members[^1].Speaker;
        await goBgp.ShowAsync("vrf", "add", "all", "rd", "64512:100", "rt", "both", "64512:99");
        await EventuallyAsync(() => goBgp.ReceivedAsync(Family.Vpnv4), Is.Not.Empty);
        await goBgp.ShowAsync("vrf", "del", "all");
        await EventuallyAsync(() => goBgp.ReceivedAsync(Family.Vpnv4), Is.Empty);
    }

    private async Task WithdrawalsAsync()
    {
        var (bird, exaBgp) = (_exchange.Of(Software.Bird), _exchange.Of(Software.ExaBgp));
        foreach (var family in Software.Bird.Families)
        {
            await bird.Speaker.WithdrawAsync(bird.Route(family));
            await _exchange.HoldsAllAsync(exaBgp, family);
        }
    }

    private Task EventuallyAsync<T>(Func<Task<T>> ask, IResolveConstraint expected) =>
        Eventually.HoldsAsync(ask, expected, () => _exchange.Logs(_exchange.Members));
}
