using Fabric.Bench.Candidates;
using Fabric.Bench.Datapath.Machine;

namespace Fabric.Bench.Datapath.Testbeds;

/// <summary>
/// Two hosts with a data plane, and machines behind them, each a network namespace:
/// <code>
///   vmA eth0 --- vm0 hostA eth0 --- eth0 hostB vm0 --- eth0 vmB
///   vmC eth0 --- vm1 hostA
/// </code>
/// Links are veth pairs; those of machines have an MTU of 1500, the uplink one of 1600.
/// </summary>
internal abstract class Testbed : IDisposable
{
    private const int UplinkMtu = 1600;
    private const string Tunnels =
        "tx-gre-segmentation off tx-gre-csum-segmentation off tx-udp_tnl-segmentation off tx-udp_tnl-csum-segmentation off";

    private static int s_count;

    private readonly List<NetworkSpace> _spaces = [];
    private readonly string _name;

    protected Testbed(string name, TestbedPlan plan)
    {
        _name = $"{++s_count}-{name}";
        Plan = plan;
        Folder = Path.Combine(Path.GetTempPath(), $"fabric-bench-{Environment.ProcessId}-{_name}");
        try
        {
            Directory.CreateDirectory(Folder);
            HostA = Space("hosta");
            HostB = Space("hostb");
            HostA.Links($"link add eth0 mtu {UplinkMtu} type veth peer name eth0 mtu {UplinkMtu} netns {HostB.Name}", "link set eth0 up");
            HostB.Links("link set eth0 up");
            if (plan.IsWire)
            {
                HostA.Run(["ethtool", "-K", "eth0", .. Tunnels.Split(' ')]);
                HostB.Run(["ethtool", "-K", "eth0", .. Tunnels.Split(' ')]);
            }

            VmA = Plug("vma", HostA, Place.VmA);
            VmB = Plug("vmb", HostB, Place.VmB);
            VmC = plan.HasNeighbour ? Plug("vmc", HostA, Place.VmC) : null;
        }
        catch
        {
            Remove();
            throw;
        }
    }

    public NetworkSpace VmA { get; }

    public NetworkSpace VmB { get; }

    public NetworkSpace? VmC { get; }

    public NetworkSpace HostA { get; }

    public NetworkSpace HostB { get; }

    public TestbedPlan Plan { get; }

    /// <summary>What the uplink must carry when A sends to B, as <see cref="Encapsulation"/> says it; null where no capture can see it.</summary>
    public abstract string? Carries { get; }

    /// <summary>The data plane's processes, host A's first; none where the kernel is the data plane.</summary>
    public virtual IReadOnlyList<DaemonProcess> Daemons => [];

    /// <summary>What the data planes of both hosts count; none where they tell nothing.</summary>
    public virtual IReadOnlyList<DatapathMetrics> Metrics() => [];

    /// <summary>Packets that the kernel dropped before a data plane, a machine or a host's uplink had them.</summary>
    public long DeviceDrops() => _spaces.Sum(space => space.DeviceDrops());

    protected string Folder { get; }

    /// <summary>Makes the hosts forward.</summary>
    public abstract void Start(CancellationToken cancellation);

    /// <summary>Ends host A's data plane without a word.</summary>
    public virtual void Kill() => throw new NotSupportedException("The kernel is the data plane.");

    /// <summary>Starts it again, and has it told its tables.</summary>
    public virtual void Restart(CancellationToken cancellation) => throw new NotSupportedException("The kernel is the data plane.");

    /// <summary>Makes sure that the data plane is the one that is to be measured.</summary>
    /// <exception cref="BenchException">It is another.</exception>
    public virtual void Check() { }

    public virtual void Dispose() => Remove();

    /// <summary>An error's message, with what a data plane said last if it has ended.</summary>
    public string Explain(string message) => Daemons.FirstOrDefault(daemon => daemon.HasExited)?.Explain(message) ?? message;

    private NetworkSpace Space(string role)
    {
        var space = NetworkSpace.Create($"{_name}-{role}");
        _spaces.Add(space);
        return space;
    }

    private NetworkSpace Plug(string role, NetworkSpace host, Place place)
    {
        var space = Space(role);
        host.Links(
            $"link add {place.Device} type veth peer name eth0 address {place.MacText} netns {space.Name}",
            $"link set {place.Device} up"
        );
        space.Links($"address add {place.Text}/{Place.NetworkLength} dev eth0", "link set eth0 up");
        // New connections never wait for a port.
        space.Set("net/ipv4/ip_local_port_range", "1024 65535");
        return space;
    }

    private void Remove()
    {
        _spaces.ForEach(space => space.Dispose());
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
