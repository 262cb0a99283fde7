using Fabric.Lab.Definition;
using Fabric.Lab.Machine;
using Fabric.Lab.Nodes;

namespace Fabric.Lab.Checks;

/// <summary>The lab under check, and which of its machines plays which part.</summary>
internal sealed class CheckContext(LabDefinition lab, LabPaths paths)
{
    public LabDefinition Lab => lab;

    public LabPaths Paths => paths;

    public NodeDaemons Daemons { get; } = new(lab, paths);

    public IEnumerable<VirtualMachine> Machines => lab.Machines.Select(Vm);

    /// <summary>A machine that has a neighbour on its own host and one on another.</summary>
    public VirtualMachine First =>
        Vm(Find("two machines of one network on one host", machine => Same(machine, onHost: true) && Same(machine, onHost: false)));

    /// <summary>In the network and on the host of <see cref="First"/>.</summary>
    public VirtualMachine Neighbour =>
        Vm(
            lab.Machines.First(machine =>
                machine != First.Definition && machine.Network == First.Definition.Network && machine.Host == First.Definition.Host
            )
        );

    /// <summary>In the network of <see cref="First"/>, on another host.</summary>
    public VirtualMachine Remote =>
        Vm(lab.Machines.First(machine => machine.Network == First.Definition.Network && machine.Host != First.Definition.Host));

    /// <summary>In another network.</summary>
    public VirtualMachine Foreign => Vm(Find("a machine of a second network", machine => machine.Network != First.Definition.Network));

    /// <summary>In the network of <see cref="First"/>, behind a security group.</summary>
    public VirtualMachine Guarded =>
        Vm(
            Find(
                "a machine with a security group",
                machine => machine.SecurityGroups.Count > 0 && machine.Network == First.Definition.Network
            )
        );

    public Frr Frr => new(this, Gateway("frr"));

    public GoBgp GoBgp => new(this, Gateway("gobgp"));

    public VirtualMachine Vm(LabMachine machine) => new(lab, paths, machine);

    /// <summary>A file that goes with the lab.</summary>
    public string File(string name)
    {
        Directory.CreateDirectory(Path.Combine(paths.Runtime, "check"));
        return Path.Combine(paths.Runtime, "check", name);
    }

    public Task<Capture> CaptureAsync(string name, NetworkNamespace space, string link) =>
        Capture.StartAsync(space, link, File($"{name}.pcap"));

    /// <summary>Captures what goes to or comes from a node, where its wire meets the underlay.</summary>
    public Task<Capture> CaptureWireAsync(string name, string node) => CaptureAsync(name, paths.Underlay, node);

    private LabGateway Gateway(string software) =>
        lab.Gateways.FirstOrDefault(gateway => gateway.Software == software)
        ?? throw new LabException($"the lab has no {software} gateway");

    private LabMachine Find(string what, Func<LabMachine, bool> predicate) =>
        lab.Machines.FirstOrDefault(predicate) ?? throw new LabException($"the lab has not {what}");

    private bool Same(LabMachine machine, bool onHost) =>
        lab.Machines.Any(other => other != machine && other.Network == machine.Network && (other.Host == machine.Host) == onHost);
}
