using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;

namespace Fabric.Interop.Exchange;

/// <summary>
/// EVPN routes that FRR makes of its kernel's bridges, reflected: to FRR as non-client and in another AS with each field, to ExaBGP with each byte. And back: a
/// machine that GoBGP announces stands in that kernel.
/// </summary>
public sealed class EvpnOfKernelTests
{
    private const string Mac = "02:00:00:00:00:21";
    private const string MacWithAddress = "02:00:00:00:00:22";
    private const string Behind = "0000000000000000000000000000"; // A segment and a tag of zeros.
    private const string Rd = "0000FC00000000C8";

    private ReflectorExchange _exchange = null!;
    private FrrVtep _vtep = null!;

    private GoBgpSpeaker GoBgp => (GoBgpSpeaker)_exchange.Members[0].Speaker;

    private ExaBgpSpeaker ExaBgp => (ExaBgpSpeaker)_exchange.Members[1].Speaker;

    private IEnumerable<FrrSpeaker> Receivers => _exchange.Members.Skip(2).Select(member => (FrrSpeaker)member.Speaker);

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _exchange = await ReflectorExchange.StartAsync(
            [
                (Speaking(Software.GoBgp), Role.Client),
                (Speaking(Software.ExaBgp), Role.Client),
                (Speaking(Software.Frr), Role.NonClient),
                (Speaking(Software.Frr), Role.External),
            ],
            adds: async (lan, control) =>
            {
                var node = await lan.AddAsync("vtep");
                _vtep = new FrrVtep(
                    node,
                    ReflectorExchange.As,
                    [new Neighbor(control.Name, control.Address, ReflectorExchange.As, [Family.Evpn])]
                );
                await _vtep.BuildAsync();
                return [new Neighbor("vtep", node.Address, ReflectorExchange.As, [Family.Evpn]) { IsClient = true }];
            }
        );
        await _vtep.StartAsync();
    }

    [OneTimeTearDown]
    public async Task EndAsync() => await _exchange.DisposeAsync();

    [Test]
    public Task A_tunnel_end_is_announced_to_all() =>
        ComesAsync($"[3]:[0]:[32]:[{_vtep.Node.Address}]", $"0311{Rd}0000000020{Address(_vtep.Node)}", "ET:8 RT:64512:200");

    [Test]
    public async Task A_machine_comes_and_goes()
    {
        await _vtep.AddMachineAsync(Mac);
        await ComesAsync($"[2]:[0]:[48]:[{Mac}]", $"0221{Rd}{Behind}30020000000021000000C8", "ET:8 RT:64512:200");

        await _vtep.RemoveMachineAsync(Mac);
        await GoesAsync($"[2]:[0]:[48]:[{Mac}]");
    }

    [Test]
    public async Task A_machine_with_its_address_has_the_labels_of_both_networks()
    {
        await _vtep.AddMachineAsync(MacWithAddress);
        await _vtep.AddArpAsync(MacWithAddress, "10.55.0.22");

        await ComesAsync(
            $"[2]:[0]:[48]:[{MacWithAddress}]:[32]:[10.55.0.22]",
            $"0228{Rd}{Behind}30020000000022200A3700160000C8000064",
            "ET:8 RT:64512:100 RT:64512:200 Rmac:"
        );

        await _vtep.RemoveMachineAsync(MacWithAddress);
        await GoesAsync($"[2]:[0]:[48]:[{MacWithAddress}]");
    }

    [Test]
    public async Task A_prefix_comes_and_goes()
    {
        await _vtep.AnnouncePrefixAsync();
        await ComesAsync(
            "[5]:[0]:[24]:[10.66.0.0]",
            $"05220001{Address(_vtep.Node)}0001{Behind}180A42000000000000000064",
            "ET:8 RT:64512:100 Rmac:"
        );

        await _vtep.WithdrawPrefixAsync();
        await GoesAsync("[5]:[0]:[24]:[10.66.0.0]");
    }

    [Test]
    public async Task A_machine_of_another_maker_stands_in_the_kernel()
    {
        string[] route = [.. "macadv 02:00:00:00:00:31 0.0.0.0 etag 0 label 200 rd 64512:7 rt 64512:200 encap vxlan".Split(' ')];
        var entry = $"02:00:00:00:00:31 dst {GoBgp.Node.Address}";

        await GoBgp.ShowAsync(["global", "rib", "add", "-a", "evpn", .. route]);
        await Eventually.HoldsAsync(_vtep.TunnelledAsync, Does.Contain(entry), Logs);

        await GoBgp.ShowAsync(["global", "rib", "del", "-a", "evpn", .. route]);
        await Eventually.HoldsAsync(_vtep.TunnelledAsync, Does.Not.Contain(entry), Logs);
    }

    /// <summary>What the tunnel end itself shows of the route is what each receiver shows, and the bytes of its NLRI come as they were sent.</summary>
    private async Task ComesAsync(string fields, string bytes, string communities)
    {
        var own = await Eventually.HoldsAsync(
            async () =>
                EvpnFields
                    .Of(await _vtep.ShowAsync(EvpnFields.Command))
                    .Where(one => one.StartsWith(fields + " ", StringComparison.Ordinal)),
            Has.One.Contains(communities),
            Logs
        );
        foreach (var frr in Receivers)
        {
            await Eventually.HoldsAsync(async () => EvpnFields.Of(await frr.ShowAsync(EvpnFields.Command)), Has.Member(own.Single()), Logs);
        }

        await Eventually.HoldsAsync(() => Task.FromResult(ExaBgp.RawNlri()), Has.Member(bytes), Logs);
    }

    private async Task GoesAsync(string fields)
    {
        foreach (var frr in Receivers)
        {
            await Eventually.HoldsAsync(
                async () => EvpnFields.Of(await frr.ShowAsync(EvpnFields.Command)),
                Has.None.StartsWith(fields),
                Logs
            );
        }
    }

    private static Software Speaking(Software software) => software with { Families = [Family.Evpn], Originates = [] };

    private static string Address(LanNode node) => $"0A0700{node.Number:X2}";

    private string Logs() => $"{_exchange.Logs(_exchange.Members)}\n{_vtep.Log}";
}
