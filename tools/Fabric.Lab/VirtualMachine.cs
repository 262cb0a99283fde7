using Fabric.Lab.Definition;
using Fabric.Lab.Machine;

namespace Fabric.Lab;

/// <summary>One machine of the lab: its namespace, its interface, and what it learns by DHCP.</summary>
public sealed class VirtualMachine(LabDefinition lab, LabPaths paths, LabMachine machine)
{
    public LabMachine Definition => machine;

    public NetworkNamespace Namespace { get; } = paths.Namespace(machine.Name);

    /// <summary>What the DHCP client was given, as <c>name=value</c> lines.</summary>
    public string LeaseFile => Path.Combine(paths.Directory(machine.Name), "lease");

    public string ResolverFile => Path.Combine(paths.NamespaceFiles(machine.Name), "resolv.conf");

    private NetworkNamespace Host => paths.Namespace(machine.Host);

    /// <summary>Makes the namespace and the veth pair; the far end is the host's tap.</summary>
    public async Task CreateAsync()
    {
        Directory.CreateDirectory(paths.Directory(machine.Name));
        Directory.CreateDirectory(paths.NamespaceFiles(machine.Name));
        await File.WriteAllTextAsync(ResolverFile, "");
        await Namespace.CreateAsync();
        await Host.ConfigureAsync($"link add {machine.Tap} type veth peer name eth0 netns {Namespace.Name}", $"link set {machine.Tap} up");
        await Namespace.ConfigureAsync($"link set eth0 address {LabObjects.MacAddress(lab, machine)}", "link set eth0 up");

        // The pair stands for a wire: frames on it have their checksums and are no longer than the MTU.
        await Namespace.MustAsync([.. "ethtool -K eth0 tx off tso off gso off gro off".Split(' ')]);
        await Host.MustAsync("ethtool", "-K", machine.Tap, "tx", "off", "tso", "off", "gso", "off", "gro", "off");
    }

    /// <summary>Gets address, routes, resolvers and MTU from the data plane.</summary>
    public Task ConfigureByDhcpAsync() =>
        Command.MustAsync([
            "env",
            $"FABRIC_LEASE={LeaseFile}",
            $"FABRIC_RESOLVER={ResolverFile}",
            .. Namespace.Inside("udhcpc", "-i", "eth0", "-f", "-q", "-n", "-t", "30", "-T", "1", "-O", "mtu", "-O", "staticroutes"),
            "-p",
            Path.Combine(paths.Directory(machine.Name), "udhcpc.pid"),
            "-s",
            Nodes.Programs.Script("udhcpc-script"),
        ]);

    public Task<CommandResult> RunAsync(params string[] command) => Namespace.RunAsync(command);

    /// <summary>Whether all of <paramref name="count"/> echo requests were answered.</summary>
    public async Task<bool> PingsAsync(string address, int count = 1, double wait = 1) =>
        (await RunAsync("ping", "-n", "-q", "-i", "0.2", "-c", $"{count}", "-W", $"{wait}", address)).Output.Contains(
            $" {count} received",
            StringComparison.Ordinal
        );

    public async Task RemoveAsync()
    {
        await Namespace.RemoveAsync();
        Directory.Delete(paths.NamespaceFiles(machine.Name), recursive: true);
        Directory.Delete(paths.Directory(machine.Name), recursive: true);
    }
}
