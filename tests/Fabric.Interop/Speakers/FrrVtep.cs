using Fabric.Interop.Machine;
using Fabric.Lab.Machine;

namespace Fabric.Interop.Speakers;

/// <summary>
/// FRR as a tunnel end of VXLAN (RFC 8365): its zebra reads bridges of the kernel, and its bgpd makes EVPN routes of what is there. One network of Ethernet, VNI 200,
/// with a machine behind port <c>host</c>, and one of IP, VNI 100, in the default VRF, since not every kernel has devices for others.
/// </summary>
internal sealed class FrrVtep(LanNode node, uint autonomousSystem, IReadOnlyList<Neighbor> neighbors)
    : BgpDaemon(node, autonomousSystem, neighbors)
{
    public const string Device = "vxlan200";
    private const string Port = "host";
    private const string Prefix = "10.66.0.0/24";

    private string ZebraSocket => Node.PathOf("zserv");

    /// <summary>Makes the devices, and starts the daemon that reads them: before the start of the other, which would not look for it again for seconds.</summary>
    public async Task BuildAsync()
    {
        await Node.Namespace.ConfigureAsync([
            .. Bridge("br100", "vxlan100", 100),
            .. Bridge("br200", Device, 200),
            $"link add {Port} type veth peer name machine",
            $"link set {Port} master br200 up",
            "link set machine up",
        ]);
        // It changes its user before it makes its sockets.
        File.SetUnixFileMode(Node.Directory, (UnixFileMode)0b111_111_111);
        string[] zebra =
        [
            "/usr/lib/frr/zebra",
            .. "-P 0 --log stdout -z".Split(' '),
            ZebraSocket,
            "--vty_socket",
            Node.Directory,
            "-i",
            Node.PathOf("zebra-own.pid"),
            "-f",
            Node.Write("zebra.conf", "frr version 8.4\nvni 100\n"),
        ];
        await new Daemon(Name, "zebra", Node.Namespace, Node.Directory, zebra).StartAsync();
        await Poll.UntilAsync($"zebra of {Name}", Eventually.Patience, () => File.Exists(ZebraSocket));
    }

    /// <summary>A machine's address is known, as the kernel learns them.</summary>
    public Task AddMachineAsync(string mac) => FdbAsync("add", mac);

    public Task RemoveMachineAsync(string mac) => FdbAsync("del", mac);

    /// <summary>Which IP address belongs to a machine's, as ARP says.</summary>
    public Task AddArpAsync(string mac, string address) =>
        Node.Namespace.ConfigureAsync($"neigh replace {address} lladdr {mac} dev br200 nud permanent");

    public Task AnnouncePrefixAsync() => ConfigureAsync($"network {Prefix}");

    public Task WithdrawPrefixAsync() => ConfigureAsync($"no network {Prefix}");

    /// <summary>The kernel's addresses behind the tunnel, as <c>bridge fdb</c> prints them.</summary>
    public Task<string> TunnelledAsync() => Node.Namespace.MustAsync("bridge", "fdb", "show", "dev", Device);

    /// <summary>Runs commands as an operator.</summary>
    public Task<string> ShowAsync(params IEnumerable<string> commands) =>
        Command.MustAsync(["vtysh", "--vty_socket", Node.Directory, "-d", "bgpd", .. commands.SelectMany(c => new[] { "-c", c })]);

    protected override IReadOnlyList<string> Configure() =>
        [
            "/usr/lib/frr/bgpd",
            .. "-S -P 0 --log stdout --log-level debugging -z".Split(' '),
            ZebraSocket,
            "--vty_socket",
            Node.Directory,
            "-i",
            Node.PathOf("bgpd.pid"),
            "-f",
            Node.Write("bgpd.conf", Configuration()),
        ];

    protected override Task OnStartedAsync() =>
        Poll.UntilAsync($"the terminal of {Name}", Eventually.Patience, async () => (await ShowAsync("show version")).Length > 0);

    private string Configuration() =>
        $"""
            frr version 8.4
            router bgp {As}
             bgp router-id {Node.Address}
             no bgp default ipv4-unicast
             no bgp network import-check
             neighbor {Neighbors[0].Address} remote-as {Neighbors[0].As}
             neighbor {Neighbors[0].Address} timers connect 1
             address-family l2vpn evpn
              neighbor {Neighbors[0].Address} activate
              advertise-all-vni
              vni 200
               rd 64512:200
              exit-vni
              advertise ipv4 unicast
             exit-address-family
            """ + "\n";

    private Task ConfigureAsync(string network) =>
        ShowAsync("configure terminal", $"router bgp {As}", "address-family ipv4 unicast", network);

    private Task FdbAsync(string verb, string mac) => Node.Namespace.MustAsync("bridge", "fdb", verb, mac, "dev", Port, "master", "static");

    private IEnumerable<string> Bridge(string bridge, string device, int vni) =>
        [
            $"link add {bridge} type bridge",
            $"link set {bridge} addrgenmode none up",
            $"link add {device} type vxlan id {vni} local {Node.Address} dstport 4789 nolearning",
            $"link set {device} master {bridge} up",
        ];
}
