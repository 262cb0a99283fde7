using Fabric.Interop.Captures;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;
using Fabric.Lab.Checks;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Interop.Exchange;

/// <summary>
/// Sessions over IPv6 with every maker's daemon, two of them from a prefix that the control node listens for. FRR and BIRD speak IPv4 routes with IPv6
/// next hops (RFC 8950); they and ExaBGP take messages of more than 4096 octets (RFC 8654).
/// </summary>
public sealed class Ipv6SessionTests
{
    /// <summary>Of 12 octets each (RFC 8092): more than a message without the extension has room for.</summary>
    private const int ManyCommunities = 400;

    private static readonly string[] s_extended = [Software.Frr.Name, Software.Bird.Name];
    private static readonly string[] s_taking = [.. s_extended, Software.ExaBgp.Name];
    private static readonly string[] s_dynamic = [Software.GoBgp.Name, Software.ExaBgp.Name];
    private static readonly Family[] s_families = [Family.Ipv4, Family.Ipv6];

    private static readonly UpdateContext s_context = OwnReading.Plain with { ExtendedNextHopFamilies = [AddressFamily.Ipv4Unicast] };

    private ReflectorExchange _exchange = null!;
    private Capture _capture = null!;

    private static IEnumerable<TestCaseData> Extended => s_extended.Select(name => new TestCaseData(name));

    [OneTimeSetUp]
    public async Task StartAsync() =>
        _exchange = await ReflectorExchange.StartAsync(
            [
                // Over such a session FRR has no other next hops for them.
                (With(Software.Frr with { Originates = [Family.Ipv6] }), Role.Client),
                (With(Software.Bird), Role.External),
                (With(Software.OpenBgpd), Role.NonClient),
                (With(Software.GoBgp), Role.Client),
                (With(Software.ExaBgp), Role.Client),
            ],
            async (_, center) =>
            {
                _capture = await Capture.StartAsync(center.Namespace, "eth0", center.PathOf("capture.pcap"));
                return [];
            },
            neighbor =>
                neighbor with
                {
                    Address = neighbor.Address.Replace("10.7.0.", "fd07::", StringComparison.Ordinal),
                    Families = s_families,
                    HasExtendedNextHop =
                        neighbor.HasExtendedNextHop || s_extended.Any(name => neighbor.Name.StartsWith(name, StringComparison.Ordinal)),
                    IsDynamic = s_dynamic.Any(name => neighbor.Name.StartsWith(name, StringComparison.Ordinal)),
                }
        );

    [OneTimeTearDown]
    public async Task EndAsync()
    {
        await _capture.DisposeAsync();
        await _exchange.DisposeAsync();
    }

    [Test]
    public async Task Speakers_hold_what_the_others_originate()
    {
        foreach (var member in _exchange.Members)
        {
            foreach (var family in s_families)
            {
                await _exchange.HoldsAllAsync(member, family);
            }
        }
    }

    [TestCaseSource(nameof(Extended))]
    public async Task An_IPv4_route_with_an_IPv6_next_hop_comes_to_those_who_take_such_ones(string name)
    {
        var source = Named(name);
        var route = source.FurtherRoute(Family.Ipv4) with { NextHop = source.Speaker.Node.NextHop6 };

        await source.Speaker.AnnounceAsync(route);
        // What is announced behind it comes behind it.
        var next = source.FurtherRoute(Family.Ipv6) with
        {
            Prefix = "fd21::/48",
        };
        await source.Speaker.AnnounceAsync(next);
        await HoldAsync(source, next, _ => true);
        await HoldAsync(source, route, receiver => s_extended.Contains(receiver.Software.Name));

        await source.Speaker.WithdrawAsync(next);
        await source.Speaker.WithdrawAsync(route);
        await NobodyHoldsAsync(source, route);
    }

    [TestCaseSource(nameof(Extended))]
    public async Task A_route_that_grows_beyond_a_plain_message_stays_with_those_who_take_larger_ones(string name)
    {
        var source = Named(name);
        var small = source.FurtherRoute(Family.Ipv6);
        var large = small with
        {
            LargeCommunities = Route.Sorted(Enumerable.Range(1000, ManyCommunities).Select(number => $"1:1:{number}")),
        };

        await source.Speaker.AnnounceAsync(small);
        await HoldAsync(source, small, _ => true);

        await source.Speaker.AnnounceAsync(large);
        await HoldAsync(source, large, receiver => s_taking.Contains(receiver.Software.Name));

        await source.Speaker.WithdrawAsync(large);
        await NobodyHoldsAsync(source, large);
    }

    /// <summary>tshark 4.0 reads none of more than 4096 octets.</summary>
    [Test]
    public async Task What_goes_over_the_wire_is_read_as_tshark_reads_it()
    {
        await An_IPv4_route_with_an_IPv6_next_hop_comes_to_those_who_take_such_ones(Software.Frr.Name);
        await A_route_that_grows_beyond_a_plain_message_stays_with_those_who_take_larger_ones(Software.Frr.Name);

        var messages = await CapturedMessage.AllAsync(_capture);

        CapturedMessage.AreReadEqually([.. messages.Where(message => !IsExtended(message))], s_context);
        var own = messages.Where(message => message.Source == _exchange.Reflector.LocalAddress).ToList();
        Assert.That(own.Count(IsExtended), Is.Positive);
        Assert.That(
            own.Select(message => string.Join('\n', TsharkReading.Of(message.Dissection))),
            Has.Some.Contains("next-hop fd07::").And.Contains("reach 1/1 ")
        );
    }

    private static bool IsExtended(CapturedMessage message) => message.Bytes.Length > MessageFrame.MaxBytes;

    /// <summary>What it is told of the control node.</summary>
    private static Software With(Software software) =>
        software with
        {
            Families = s_families,
            Originates = [.. software.Originates.Intersect(s_families)],
            Make = (node, number, neighbors) =>
                software.Make(
                    node,
                    number,
                    [.. neighbors.Select(neighbor => neighbor with { HasExtendedNextHop = s_extended.Contains(software.Name) })]
                ),
        };

    private Member Named(string name) => _exchange.Members.Single(member => member.Software.Name == name);

    private Task NobodyHoldsAsync(Member source, Route route) => HoldAsync(source, route, _ => false);

    private async Task HoldAsync(Member source, Route route, Func<Member, bool> holds)
    {
        foreach (var receiver in _exchange.Members.Where(member => Reflection.Reaches(source, member)))
        {
            Route[] expected = holds(receiver)
                ? [receiver.Speaker.AsShown(Reflection.Of(route, source, receiver, _exchange.Reflector))]
                : [];
            await Eventually.HoldsAsync(
                async () => (await ReflectorExchange.ReceivedAsync(receiver, route.Family)).Where(route.IsSame).ToList(),
                Is.EqualTo(expected),
                () => _exchange.Logs(source, receiver)
            );
        }
    }
}
