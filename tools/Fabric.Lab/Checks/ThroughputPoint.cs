using System.Text.Json.Nodes;

namespace Fabric.Lab.Checks;

/// <summary>Point 9: a bulk transfer across hosts. The server is the machine without a security group.</summary>
internal sealed class ThroughputPoint() : CheckPoint(9, "iperf3 across hosts")
{
    public override async Task<string> RunAsync(CheckContext context)
    {
        var address = context.First.Definition.Address.ToString();
        using var server = context.First.Namespace.Start("iperf3", "-s", "-1", "--forceflush");
        await TcpProbe.WaitListeningAsync(context.First, 5201);
        var result = await context.Remote.RunAsync("iperf3", "-c", address, "-t", "3", "-J", "--connect-timeout", "3000");
        server.Kill();
        var report = JsonNode.Parse(result.Output);
        Require(result.Succeeded, $"iperf3 to {address}: {report?["error"] ?? result.Error}");
        var bits = (double)report!["end"]!["sum_received"]!["bits_per_second"]!;
        Require(bits > 0, "nothing was received");
        return $"{bits / 1e6:0} Mbit/s TCP";
    }
}
