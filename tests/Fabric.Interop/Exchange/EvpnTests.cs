using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;

namespace Fabric.Interop.Exchange;

/// <summary>
/// Each EVPN route type (RFC 7432 section 7, RFC 9136), originated by GoBGP and reflected: FRR has to show the fields, as client, as non-client and
/// in another AS, where the next hop stays with its label; and ExaBGP, which prints NLRI as they came, the bytes.
/// </summary>
public sealed class EvpnTests
{
    private const string Segment = "esi ARBITRARY 11:22:33:44:55:66:77:88:99";

    private static readonly TestCaseData[] s_routes =
    [
        Case(
            "1",
            $"a-d {Segment} etag 7 label 1005",
            "[1]:[7]:[00:11:22:33:44:55:66:77:88:99]:[32]:[0.0.0.0]:[0]",
            "01190000FC000000000500112233445566778899000000070003ED"
        ),
        Case(
            "2 with IPv4",
            "macadv 02:00:00:00:00:01 10.1.0.1 etag 0 label 1005",
            "[2]:[0]:[48]:[02:00:00:00:00:01]:[32]:[10.1.0.1]",
            "02250000FC0000000005000000000000000000000000000030020000000001200A0100010003ED"
        ),
        Case(
            "2 with a segment",
            $"macadv 02:00:00:00:00:02 0.0.0.0 {Segment} etag 7 label 1005",
            "[2]:[7]:[48]:[02:00:00:00:00:02]",
            "02210000FC0000000005001122334455667788990000000730020000000002000003ED"
        ),
        Case(
            "2 with IPv6",
            "macadv 02:00:00:00:00:03 fd05::3 etag 0 label 1005",
            "[2]:[0]:[48]:[02:00:00:00:00:03]:[128]:[fd05::3]",
            "02310000FC000000000500000000000000000000000000003002000000000380FD0500000000000000000000000000030003ED"
        ),
        Case("3", "multicast 10.7.9.5 etag 0", "[3]:[0]:[32]:[10.7.9.5]", "03110000FC000000000500000000200A070905"),
        Case(
            "4",
            $"esi 10.7.9.5 {Segment}",
            "[4]:[00:11:22:33:44:55:66:77:88:99]:[32]:[10.7.9.5]",
            "04170000FC000000000500112233445566778899200A070905"
        ),
        Case(
            "5 with IPv4",
            "prefix 10.5.0.0/24 etag 0 label 1005",
            "[5]:[0]:[24]:[10.5.0.0]",
            "05220000FC00000000050000000000000000000000000000180A050000000000000003ED"
        ),
        Case(
            "5 with IPv6",
            "prefix fd05::/64 gw fd05::1 etag 0 label 1005",
            "[5]:[0]:[64]:[fd05::]",
            "053A0000FC0000000005000000000000000000000000000040FD050000000000000000000000000000FD0500000000000000000000000000010003ED"
        ),
    ];

    private static readonly (Software Software, Role Role)[] s_cast =
    [
        (Software.GoBgp, Role.Client),
        (Software.ExaBgp, Role.Client),
        .. Enum.GetValues<Role>().Select(role => (Software.Frr, role)),
    ];

    private ReflectorExchange _exchange = null!;

    [OneTimeSetUp]
    public async Task StartAsync() =>
        _exchange = await ReflectorExchange.StartAsync([
            .. s_cast.Select(member => (member.Software with { Families = [Family.Evpn], Originates = [] }, member.Role)),
        ]);

    [OneTimeTearDown]
    public async Task EndAsync() => await _exchange.DisposeAsync();

    [TestCaseSource(nameof(s_routes))]
    public async Task A_route_of_each_type_comes_whole_and_goes(string words, string fields, string bytes)
    {
        var goBgp = (GoBgpSpeaker)_exchange.Members[0].Speaker;
        var exaBgp = (ExaBgpSpeaker)_exchange.Members[1].Speaker;
        var receivers = _exchange.Members.Skip(2).Select(member => (FrrSpeaker)member.Speaker).ToList();
        string[] route = [.. words.Split(' '), "rd", "64512:5", "rt", "64512:105"];

        await goBgp.ShowAsync(["global", "rib", "add", "-a", "evpn", .. route]);

        foreach (var frr in receivers)
        {
            await Eventually.HoldsAsync(() => FieldsAsync(frr), Has.Member($"{fields} RT:64512:105 {goBgp.Node.Address}"), Logs);
        }

        await Eventually.HoldsAsync(() => Task.FromResult(exaBgp.RawNlri()), Has.Member(bytes), Logs);

        await goBgp.ShowAsync(["global", "rib", "del", "-a", "evpn", .. route]);

        foreach (var frr in receivers)
        {
            await Eventually.HoldsAsync(() => FieldsAsync(frr), Has.None.StartsWith(fields), Logs);
        }
    }

    private static TestCaseData Case(string name, string words, string fields, string bytes) =>
        new TestCaseData(words, fields, bytes).SetArgDisplayNames($"type {name}");

    private string Logs() => _exchange.Logs(_exchange.Members);

    private static async Task<IReadOnlyList<string>> FieldsAsync(FrrSpeaker frr) => EvpnFields.Of(await frr.ShowAsync(EvpnFields.Command));
}
