using System.Text.RegularExpressions;
using Fabric.Interop.Exchange;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;

namespace Fabric.Interop.Sessions;

/// <summary>Sessions that the kernel guards, with every maker's daemon: each segment is signed (RFC 2385), and none comes from beyond the link (RFC 5082).</summary>
public sealed class GuardedSessionTests
{
    private const string Password = "correct-horse";

    // Seconds; KEEPALIVEs come each third of it (RFC 4271 section 4.4).
    private const int HoldTime = 30;

    private static readonly Software s_signing = Software.OpenBgpd with
    {
        Name = "openbgpd-signing",
        Make = (node, number, neighbors) =>
            Software.OpenBgpd.Make(node, number, [.. neighbors.Select(neighbor => neighbor with { HasTtlSecurity = false })]),
    };

    private ReflectorExchange _exchange = null!;

    /// <summary>VPN routes inside, and IPv4 from outside. OpenBGPD sends a TTL of 255 to external peers only: inside its session is but signed.</summary>
    private static IReadOnlyList<(Software Software, Role Role)> Cast =>
        [
            .. Software
                .All.Select(software => software == Software.OpenBgpd ? s_signing : software)
                .Select(software => (software.Speaking(Family.Vpnv4), Role.Client)),
            .. Software.All.Select(software =>
                (
                    software == Software.OpenBgpd ? software.Speaking(Family.Ipv4, Family.Vpnv4) : software.Speaking(Family.Ipv4),
                    Role.External
                )
            ),
        ];

    private static IEnumerable<TestCaseData> Numbers =>
        Cast.Select((one, number) => new TestCaseData(number).SetArgDisplayNames($"{one.Software}", $"{one.Role}"));

    [OneTimeSetUp]
    public async Task StartAsync() =>
        _exchange = await ReflectorExchange.StartAsync(
            Cast,
            shape: neighbor =>
                neighbor with
                {
                    Password = Password,
                    HasTtlSecurity = !neighbor.Name.StartsWith(s_signing.Name, StringComparison.Ordinal),
                    HoldTime = HoldTime,
                }
        );

    [OneTimeTearDown]
    public async Task EndAsync() => await _exchange.DisposeAsync();

    [TestCaseSource(nameof(Numbers))]
    public async Task A_speaker_with_the_password_on_the_link_holds_the_others_routes(int number)
    {
        var member = _exchange.Members[number];
        foreach (var family in member.Software.Families)
        {
            await _exchange.HoldsAllAsync(member, family);
        }
    }

    [Test]
    public async Task Every_segment_to_a_neighbour_is_signed_and_starts_with_a_TTL_of_255()
    {
        const int Segments = 10;
        // One to each neighbour in ten seconds, and an acknowledgement of each of theirs.
        var sent = await _exchange.Reflector.Node.Namespace.MustAsync(
            "timeout",
            $"{HoldTime}",
            "tcpdump",
            "-lnvi",
            "eth0",
            "-c",
            $"{Segments}",
            "src",
            _exchange.Reflector.Node.Address,
            "and",
            "tcp",
            "port",
            "179",
            "and",
            "not",
            "dst",
            _exchange.Of(s_signing).Speaker.Node.Address
        );

        Assert.That((Regex.Count(sent, "ttl 255"), Regex.Count(sent, "md5")), Is.EqualTo((Segments, Segments)), sent);
    }

    [Test]
    public async Task A_speaker_with_another_password_is_not_heard()
    {
        var frr = _exchange.Of(Software.Frr);
        await _exchange.HoldsAllAsync(frr, Family.Vpnv4);
        var speaker = (FrrSpeaker)frr.Speaker;

        await speaker.ShowAsync(
            "configure terminal",
            $"router bgp {ReflectorExchange.As}",
            $"neighbor {speaker.Neighbors[0].Address} password wrong"
        );

        // Each side drops what the other sends: the connection is never made.
        await Eventually.HoldsAsync(
            () => _exchange.Reflector.Node.Namespace.MustAsync("ss", "-Htn", "state", "syn-sent", "dst", frr.Speaker.Node.Address),
            Is.Not.Empty,
            () => _exchange.Logs(frr)
        );
        await speaker.ShowAsync(
            "configure terminal",
            $"router bgp {ReflectorExchange.As}",
            $"neighbor {speaker.Neighbors[0].Address} password {Password}"
        );
        await Eventually.HoldsAsync(
            () => ReflectorExchange.ReceivedAsync(frr, Family.Vpnv4),
            Is.EquivalentTo(_exchange.Expected(frr, Family.Vpnv4)),
            () => _exchange.Logs(frr)
        );
    }
}
