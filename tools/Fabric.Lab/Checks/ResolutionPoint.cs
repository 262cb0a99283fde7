using System.Text.Json.Nodes;

namespace Fabric.Lab.Checks;

/// <summary>Point 2: ARP is answered on the host, and no broadcast of a tenant enters the underlay.</summary>
internal sealed class ResolutionPoint() : CheckPoint(2, "ARP is answered on the host; no tenant broadcast in the underlay")
{
    /// <summary>What every host answers for the gateway and for any address that has a route.</summary>
    private const string RouterMac = "00:00:5e:00:01:00";

    public override async Task<string> RunAsync(CheckContext context)
    {
        var machine = context.First;
        var network = context.Lab.NetworkOf(machine.Definition);
        var gateway = network.Gateway.ToString();
        await using var wire = await context.CaptureWireAsync("arp-wire", machine.Definition.Host);
        await using var tap = await context.CaptureAsync(
            "arp-tap",
            context.Paths.Namespace(machine.Definition.Host),
            machine.Definition.Tap
        );

        var answered = new[] { gateway, context.Neighbour.Definition.Address.ToString(), context.Remote.Definition.Address.ToString() };
        await machine.RunAsync("ip", "neigh", "flush", "dev", "eth0");
        foreach (var address in answered)
        {
            await machine.PingsAsync(address, wait: 0.5);
            var mac = await NeighbourMacAsync(machine, address);
            Require(mac == RouterMac, $"{machine.Definition.Name} resolved {address} to '{mac}', not {RouterMac}");
        }

        // An address that nobody has, a subnet broadcast and a DHCP request: what would be flooded if anything were.
        var nobody = $"{gateway[..gateway.LastIndexOf('.')]}.{254}";
        await machine.PingsAsync(nobody, wait: 0.2);
        Require(await NeighbourMacAsync(machine, nobody) is null, $"an ARP request for {nobody}, which nobody has, was answered");
        await machine.RunAsync("ping", "-b", "-c", "1", "-W", "0.2", $"{gateway[..gateway.LastIndexOf('.')]}.255");

        var replies = await tap.FramesAsync("arp.opcode == 2", "arp.src.proto_ipv4", "eth.src");
        Require(
            answered.All(address => replies.Any(reply => reply["arp.src.proto_ipv4"] == address)),
            $"the tap shows replies only for {string.Join(", ", replies.Select(reply => reply["arp.src.proto_ipv4"]))}"
        );
        var stray = await wire.FramesAsync(
            $"(arp and not arp.dst.proto_ipv4 == {context.Lab.Underlay}) or (gre and (ip.dst == 255.255.255.255 or ip.dst == {network.Prefix.BaseAddress} or ip.dst == {gateway[..gateway.LastIndexOf('.')]}.255 or dhcp or arp)) or (not arp and eth.dst == ff:ff:ff:ff:ff:ff)",
            "frame.protocols"
        );
        Require(stray.Count == 0, $"{stray.Count} tenant broadcasts in the underlay, see {context.File("arp-wire.pcap")}");
        return $"{replies.Count} replies on the tap, 0 broadcasts on the wire of {machine.Definition.Host}";
    }

    private static async Task<string?> NeighbourMacAsync(VirtualMachine machine, string address)
    {
        var entries = JsonNode.Parse(await machine.Namespace.MustAsync("ip", "-j", "neigh", "show", address, "dev", "eth0"))!.AsArray();
        return (string?)entries.FirstOrDefault()?["lladdr"];
    }
}
