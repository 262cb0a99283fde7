namespace Fabric.Lab.Checks;

/// <summary>Point 3: machines of one network reach each other, and what the underlay sees of it is MPLS over GRE (RFC 4023), once for each crossing.</summary>
internal sealed class EncapsulationPoint() : CheckPoint(3, "ping on one host and across hosts, as MPLS over GRE")
{
    private const int Count = 3;

    public override async Task<string> RunAsync(CheckContext context)
    {
        var first = context.First;
        var remote = context.Remote;
        await using var wire = await context.CaptureWireAsync("ping", first.Definition.Host);
        var neighbour = context.Neighbour.Definition.Address.ToString();
        Require(
            await first.PingsAsync(neighbour, Count),
            $"{first.Definition.Name} does not reach {neighbour} on its own host; see tools/lab fabric drops"
        );
        var far = remote.Definition.Address.ToString();
        Require(
            await first.PingsAsync(far, Count),
            $"{first.Definition.Name} does not reach {far} on {remote.Definition.Host}; see tools/lab fabric drops"
        );

        var here = context.Lab.Hosts.Single(host => host.Name == first.Definition.Host).Address;
        var there = context.Lab.Hosts.Single(host => host.Name == remote.Definition.Host).Address;
        var frames = await wire.FramesAsync(
            "gre",
            "ip.src",
            "ip.dst",
            "ip.proto",
            "gre.proto",
            "mpls.bottom",
            "mpls.label",
            "icmp.type",
            "icmp.seq",
            "ip.flags.df"
        );
        var mine = first.Definition.Address.ToString();
        for (var sequence = 1; sequence <= Count; sequence++)
        {
            foreach (
                var (source, destination, type) in new[]
                {
                    ($"{here},{mine}", $"{there},{far}", "8"),
                    ($"{there},{far}", $"{here},{mine}", "0"),
                }
            )
            {
                var crossings = frames.Count(frame =>
                    frame["ip.src"] == source
                    && frame["ip.dst"] == destination
                    && frame["icmp.type"] == type
                    && frame["icmp.seq"].Split(',')[0] == $"{sequence}"
                );
                Require(
                    crossings == 1,
                    $"ICMP {type} number {sequence} crossed the underlay {crossings} times; see {context.File("ping.pcap")}"
                );
            }
        }

        var wrong = frames.FirstOrDefault(frame =>
            frame["ip.proto"] != "47,1"
            || frame["gre.proto"] != "0x8847"
            || frame["mpls.bottom"] is not ("1" or "True")
            || frame["mpls.label"].Contains(',', StringComparison.Ordinal)
        );
        Require(
            wrong is null,
            $"a tunnel packet is not IPv4, GRE 0x8847, one label, IPv4: {string.Join(", ", wrong?.Select(field => $"{field.Key}={field.Value}") ?? [])}"
        );
        Require(
            !frames.Any(frame => frame["ip.src"].Contains(neighbour, StringComparison.Ordinal)),
            "traffic of one host crossed the underlay"
        );
        var unreachable = await wire.FramesAsync("icmp.type == 3", "ip.src");
        Require(
            unreachable.Count == 0,
            $"{unreachable.Count} ICMP unreachable in the underlay, in {context.File("ping.pcap")}: a tunnel packet reached a host's stack"
        );
        return $"{frames.Count} tunnel packets, one a crossing, labels {string.Join(" and ", frames.Select(frame => frame["mpls.label"]).Distinct(StringComparer.Ordinal))}";
    }
}
