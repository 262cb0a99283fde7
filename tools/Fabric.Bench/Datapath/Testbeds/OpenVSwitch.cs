using System.Text;
using Fabric.Bench.Candidates;
using Fabric.Bench.Datapath.Machine;

namespace Fabric.Bench.Datapath.Testbeds;

/// <summary>
/// Open vSwitch in user space (netdev), VXLAN, the security group as flows with connection tracking. Each host has a database and a switch
/// of its own in the testbed's folder; the machine's own Open vSwitch, if there is one, is not touched.
/// </summary>
internal sealed class OpenVSwitch(TestbedPlan plan, bool usesXdp) : Testbed(usesXdp ? "ovs-afxdp" : "ovs", plan)
{
    private const string Schema = "/usr/share/openvswitch/vswitch.ovsschema";

    private readonly List<DaemonProcess> _switches = [];
    private readonly List<DaemonProcess> _databases = [];

    // What goes through AF_XDP sockets passes no capture.
    public override string? Carries => usesXdp ? null : Encapsulation.Vxlan(Place.Vni);

    public static string? Missing => File.Exists(Schema) ? null : "the package openvswitch-switch is not installed";

    public override IReadOnlyList<DaemonProcess> Daemons => _switches;

    public override void Start(CancellationToken cancellation)
    {
        Connect(VmA, HostA, "a", Place.HostA, Place.HostB, processor: 0, cancellation);
        Connect(VmB, HostB, "b", Place.HostB, Place.HostA, processor: 1, cancellation);
    }

    public override void Dispose()
    {
        _switches.ForEach(daemon => daemon.Dispose());
        _databases.ForEach(daemon => daemon.Dispose());
        base.Dispose();
    }

    private void Connect(
        NetworkSpace machine,
        NetworkSpace host,
        string name,
        uint address,
        uint peer,
        int processor,
        CancellationToken cancellation
    )
    {
        // This data plane neither completes checksums nor segments.
        machine.Run("ethtool", "-K", "eth0", "tx", "off");
        var folder = Path.Combine(Folder, name);
        Directory.CreateDirectory(folder);
        Launch(host, folder, cancellation);
        var device = usesXdp ? "type=afxdp options:xdp-mode=native options:n_rxq=1" : "type=system";
        string[] control = ["ovs-vsctl", $"--db=unix:{folder}/db.sock", "--timeout=20"];
        host.Run([
            .. control,
            .. $"set open_vswitch . other_config:pmd-cpu-mask={1 << (processor % Environment.ProcessorCount)}".Split(' '),
            .. "-- add-br br-phy -- set bridge br-phy datapath_type=netdev".Split(' '),
            .. $"-- add-port br-phy eth0 -- set interface eth0 {device}".Split(' '),
        ]);
        host.Links($"address add {Place.TextOf(address)}/24 dev br-phy", "link set br-phy mtu 1600 up");
        host.Run([
            .. control,
            .. "add-br br-int -- set bridge br-int datapath_type=netdev fail-mode=secure".Split(' '),
            .. $"-- add-port br-int vm0 -- set interface vm0 {device} ofport_request=1".Split(' '),
            .. "-- add-port br-int vx0 -- set interface vx0 type=vxlan ofport_request=2".Split(' '),
            $"options:remote_ip={Place.TextOf(peer)}",
            $"options:local_ip={Place.TextOf(address)}",
            $"options:key={Place.Vni}",
        ]);
        host.Feed(Flows(Plan.Rules), "ovs-ofctl", "add-flows", $"unix:{folder}/br-int.mgmt", "-");
    }

    private void Launch(NetworkSpace host, string folder, CancellationToken cancellation)
    {
        string[] environment = ["env", $"OVS_RUNDIR={folder}", $"OVS_LOGDIR={folder}"];
        var socket = $"{folder}/db.sock";
        Shell.Run(["ovsdb-tool", "create", $"{folder}/conf.db", Schema], cancellation: cancellation);
        string[] database = ["ovsdb-server", $"{folder}/conf.db", $"--remote=punix:{socket}", $"--unixctl={folder}/db.ctl"];
        _databases.Add(DaemonProcess.Start($"{folder}/db.log", host.Inside([.. environment, .. database])));
        while (!File.Exists(socket) && !_databases[^1].HasExited && !cancellation.WaitHandle.WaitOne(20))
        {
            // It makes its socket when it is ready.
        }

        Shell.Run(["ovs-vsctl", $"--db=unix:{socket}", "--no-wait", "init"], cancellation: cancellation);
        string[] vswitch = ["ovs-vswitchd", $"unix:{socket}", $"--unixctl={folder}/switch.ctl"];
        _switches.Add(DaemonProcess.Start($"{folder}/switch.log", host.Inside([.. environment, .. vswitch])));
    }

    // Port 1 is the machine, port 2 the tunnel; tables 2 and 3 are the group's halves.
    private static string Flows(int rules)
    {
        var flows = new StringBuilder(
            """
            table=0,priority=2,arp,actions=NORMAL
            table=0,priority=1,ip,actions=ct(table=1)
            table=1,priority=3,ct_state=+trk+inv,ip,actions=drop
            table=1,priority=2,ct_state=+trk-new,ip,actions=NORMAL
            table=1,priority=1,ct_state=+trk+new,ip,in_port=1,actions=resubmit(,2)
            table=1,priority=1,ct_state=+trk+new,ip,in_port=2,actions=resubmit(,3)

            """
        );
        foreach (var rule in SecurityGroup.Rules(rules))
        {
            var remote = $"{(rule.IsIngress ? "nw_src" : "nw_dst")}={Place.TextOf(rule.Remote)}/{rule.Length}";
            var match = rule.Port is { } port ? $"tcp,tp_dst={port}" : "ip";
            flows.Append($"table={(rule.IsIngress ? 3 : 2)},priority=1,{match},{remote},actions=ct(commit),NORMAL\n");
        }

        return flows.ToString();
    }
}
