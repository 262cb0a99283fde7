using Fabric.Model.Datapath;
using Google.Protobuf;

namespace Fabric.Datapath.Host.Tests.EndToEnd;

/// <summary>
/// Two hosts (namespaces) on one underlay of MTU 1500, network "red" 10.1.0.0/24 with VMs a (10.1.0.3) and c (10.1.0.4) on host 1 and
/// b (10.1.0.5) on host 2. A group allows a and b everything; c has none, so that it needs no flows of its own. Names begin with "fabtest-"; disposing removes them all.
/// <code>
///  a --tap1-+                                        +-tap1-- b
///           host1 eth0 192.0.2.1 ---- 192.0.2.2 eth0 host2
///  c --tap2-+
/// </code>
/// </summary>
internal sealed class TwoHosts : IDisposable
{
    private const uint Tunnel1 = 0xC000_0201;
    private const uint Tunnel2 = 0xC000_0202;
    private const uint Subnet = 0x0A01_0000;
    private const uint LabelA = 16;
    private const uint LabelC = 17;
    private const uint LabelB = 26;
    private const uint LocalNextHop = 1;
    private const uint SecondNextHop = 2;
    private const uint TunnelNextHop = 3;
    private const uint ReceiveNextHop = 4;
    private const uint DenyingGroup = 1;
    private const uint AllowingGroup = 2;

    private readonly string _prefix = $"fabtest-{Environment.ProcessId}";
    private readonly List<string> _namespaces = [];

    /// <param name="withCache">The kernel's programs forward what they can; else the C# pipeline forwards alone.</param>
    /// <param name="workers">Worker loops of each host.</param>
    public TwoHosts(bool withCache, int workers = 2)
        : this(withCache, withCache, workers) { }

    /// <summary>The same for each host on its own.</summary>
    public TwoHosts(bool withCache1, bool withCache2, int workers = 2)
    {
        Folder = Directory.CreateTempSubdirectory("fabtest-").FullName;
        try
        {
            Lay();
            Host1 = new DatapathProcess(Netns("host1"), Folder, "host1", withCache1, workers);
            Host2 = new DatapathProcess(Netns("host2"), Folder, "host2", withCache2, workers);
            Host1.WaitForStart();
            Host2.WaitForStart();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Folder { get; }

    public DatapathProcess Host1 { get; }

    public DatapathProcess Host2 { get; }

    public static Batch Tables1() =>
        Tables(
            Tunnel1,
            Tunnel2,
            [Vif(1, "tap1", 0x0A, Subnet + 3, AllowingGroup), Vif(2, "tap2", 0x0C, Subnet + 4)],
            [Route(3, LocalNextHop), Route(4, SecondNextHop), Route(5, TunnelNextHop, LabelB)],
            [Label(LabelA, LocalNextHop), Label(LabelC, SecondNextHop)]
        );

    public static Batch Tables2() =>
        Tables(
            Tunnel2,
            Tunnel1,
            [Vif(1, "tap1", 0x0B, Subnet + 5, AllowingGroup)],
            [Route(3, TunnelNextHop, LabelA), Route(4, TunnelNextHop, LabelC), Route(5, LocalNextHop)],
            [Label(LabelB, LocalNextHop)]
        );

    /// <summary>A change for host 1: VM a gets a security group that allows nothing.</summary>
    public static Batch DenyingA()
    {
        return new Batch
        {
            Generation = 2,
            AccessLists =
            {
                new AccessListEntry { Id = DenyingGroup, Name = "nothing" },
            },
            Vifs = { Vif(1, "tap1", 0x0A, Subnet + 3, DenyingGroup) },
        };
    }

    /// <summary>A change for host 1: the route to VM b goes.</summary>
    public static Batch WithoutRouteToB() =>
        new()
        {
            Generation = 2,
            RoutesRemoved =
            {
                new RouteKey
                {
                    Vrf = 1,
                    Prefix = Subnet + 5,
                    Length = 32,
                },
            },
        };

    /// <summary>The same tables, with tunnels of MPLS over UDP.</summary>
    public static Batch OverUdp(Batch tables)
    {
        tables.NextHops.Single(static n => n.Tunnel is not null).Tunnel.Kind = TunnelKind.MplsOverUdp;
        return tables;
    }

    public string Netns(string name) => $"{_prefix}-{name}";

    /// <summary>Moves what a VM or host runs into its namespace.</summary>
    public Shell.Outcome In(string name, string commandLine) => Shell.Try($"ip netns exec {Netns(name)} {commandLine}");

    public void Plug(string vm, string host, string device, string mac)
    {
        Shell.Run($"ip -n {Netns(host)} link add {device} type veth peer name eth0 netns {Netns(vm)}");
        Shell.Run($"ip -n {Netns(vm)} link set eth0 address {mac}");
        Shell.Run($"ip -n {Netns(vm)} link set eth0 up");
    }

    /// <summary>Has a VM ask for its address by DHCP; nothing of the machine's own configuration is touched.</summary>
    public Shell.Outcome AskForAddress(string vm)
    {
        var script = Path.Combine(Folder, "udhcpc.sh");
        if (!File.Exists(script))
        {
            File.WriteAllText(
                script,
                """
                #!/bin/sh
                [ "$1" = bound ] || exit 0
                ip addr add "$ip/$mask" dev "$interface"
                ip link set "$interface" mtu "${mtu:-1500}"
                [ -z "$router" ] || ip route replace default via "$router"
                """
            );
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return In(vm, $"udhcpc -i eth0 -n -q -f -t 5 -T 1 -O mtu -O staticroutes -s {script}");
    }

    /// <summary>Has VM c send echo requests straight to its host: to the MAC of its veth's host end and the host's own address.</summary>
    /// <returns>How many of them the host's own stack took in.</returns>
    public int PingHostFromC(int count, string device = "tap2")
    {
        var mac = In("host1", $"cat /sys/class/net/{device}/address").Text.Trim();
        In("c", "ip address replace 10.1.0.4/24 dev eth0");
        In("c", $"ip neigh replace 10.1.0.99 lladdr {mac} dev eth0");
        In("c", "ip route replace 192.0.2.1 via 10.1.0.99");
        var before = EchoRequestsTakenBy("host1");
        In("c", $"ping -c {count} -i 0.2 -W 1 192.0.2.1");
        return EchoRequestsTakenBy("host1") - before;
    }

    public void Dispose()
    {
        Host1?.Dispose();
        Host2?.Dispose();
        foreach (var name in _namespaces)
        {
            Shell.Try($"ip netns del {name}");
        }

        foreach (var host in (string[])["host1", "host2"])
        {
            Shell.Try($"umount {Folder}/bpf/{host}");
        }

        Directory.Delete(Folder, recursive: true);
    }

    private void Lay()
    {
        foreach (var name in (string[])["host1", "host2", "a", "b", "c"])
        {
            _namespaces.Add(Netns(name));
            Shell.Run($"ip netns add {Netns(name)}");
            Shell.Run($"ip -n {Netns(name)} link set lo up");
        }

        Shell.Run($"ip -n {Netns("host1")} link add eth0 type veth peer name eth0 netns {Netns("host2")}");
        Shell.Run($"ip -n {Netns("host1")} addr add 192.0.2.1/24 dev eth0");
        Shell.Run($"ip -n {Netns("host2")} addr add 192.0.2.2/24 dev eth0");
        Shell.Run($"ip -n {Netns("host1")} link set eth0 up");
        Shell.Run($"ip -n {Netns("host2")} link set eth0 up");
        Plug("a", "host1", "tap1", "02:00:00:00:00:0a");
        Plug("c", "host1", "tap2", "02:00:00:00:00:0c");
        Plug("b", "host2", "tap1", "02:00:00:00:00:0b");
    }

    private int EchoRequestsTakenBy(string host)
    {
        var icmp = In(host, "cat /proc/net/snmp")
            .Text.Split('\n')
            .Where(static line => line.StartsWith("Icmp:", StringComparison.Ordinal))
            .ToArray();
        var column = Array.IndexOf(icmp[0].Split(' '), "InEchos");
        return int.Parse(icmp[1].Split(' ')[column]);
    }

    private static Batch Tables(uint tunnelSource, uint peer, VifEntry[] vifs, RouteEntry[] routes, LabelEntry[] labels)
    {
        var batch = new Batch
        {
            Generation = 1,
            BeginSnapshot = true,
            EndSnapshot = true,
            Host = new HostConfig
            {
                TunnelSource = tunnelSource,
                UnderlayMtu = 1500,
                HostName = "host",
            },
            Vrfs =
            {
                new VrfEntry { Id = 1, Name = "red" },
            },
            NextHops =
            {
                new NextHopEntry
                {
                    Id = TunnelNextHop,
                    Tunnel = new TunnelNextHop { Destination = peer },
                },
                new NextHopEntry { Id = ReceiveNextHop, Receive = new ReceiveNextHop() },
            },
            Routes = { Route(1, ReceiveNextHop), Route(2, ReceiveNextHop) },
            AccessLists =
            {
                new AccessListEntry
                {
                    Id = AllowingGroup,
                    Name = "everything",
                    Rules = { Allow(Direction.Ingress), Allow(Direction.Egress) },
                },
            },
        };
        batch.Vifs.Add(vifs);
        batch.NextHops.Add(
            vifs.Select(static vif => new NextHopEntry
            {
                Id = vif.Id,
                Interface = new InterfaceNextHop { Vif = vif.Id },
            })
        );
        batch.Routes.Add(routes);
        batch.Labels.Add(labels);
        return batch;
    }

    private static AccessRule Allow(Direction direction) =>
        new()
        {
            Name = "all",
            Direction = direction,
            PortMax = 65535,
        };

    private static VifEntry Vif(uint id, string device, byte mac, uint address, params uint[] groups) =>
        new()
        {
            Id = id,
            Device = device,
            Vrf = 1,
            Mac = ByteString.CopyFrom(2, 0, 0, 0, 0, mac),
            Addresses = { address },
            PortId = $"port-{mac}",
            Network = "red",
            NextHop = id,
            SecurityGroups = { groups },
            Dhcp = new DhcpConfig
            {
                Address = address,
                PrefixLength = 24,
                Gateway = Subnet + 1,
                Server = Subnet + 2,
                Mtu = 1472,
                LeaseSeconds = uint.MaxValue,
            },
        };

    private static RouteEntry Route(uint host, uint nextHop, uint label = 0) =>
        new()
        {
            Vrf = 1,
            Prefix = Subnet + host,
            Length = 32,
            NextHop = nextHop,
            Label = label,
            Network = "red",
        };

    private static LabelEntry Label(uint label, uint nextHop) => new() { Label = label, NextHop = nextHop };
}
