using Fabric.Lab.Machine;

namespace Fabric.Lab.Checks;

/// <summary>Point 5: a group lets in what its rules allow, the replies pass, and every verdict names its rule.</summary>
internal sealed class SecurityGroupPoint() : CheckPoint(5, "a security group lets tcp/80 in and not tcp/81")
{
    private const int Allowed = 80;
    private const int Denied = 81;

    public override async Task<string> RunAsync(CheckContext context)
    {
        var client = context.First;
        var server = context.Guarded;
        var free = context.Neighbour;
        using var guarded = await TcpProbe.ServeAsync(server, Allowed, Denied);
        using var unguarded = await TcpProbe.ServeAsync(free, Denied);
        try
        {
            Require(
                await TcpProbe.AsksAsync(client, server, Allowed),
                $"tcp/{Allowed} of {server.Definition.Name} does not answer {client.Definition.Name}"
            );
            Require(
                !await TcpProbe.AsksAsync(client, server, Denied),
                $"tcp/{Denied} of {server.Definition.Name} answers, though no rule allows it"
            );
            Require(
                await TcpProbe.AsksAsync(client, free, Denied),
                $"{free.Definition.Name}, which has no group, does not answer on tcp/{Denied}"
            );
        }
        finally
        {
            guarded.Kill();
            unguarded.Kill();
        }

        using var datapath = new DatapathApi(server.Definition.Host);
        var rule = $"{server.Definition.SecurityGroups[0]}/default-deny";
        var reason = "";
        await Poll.UntilAsync(
            $"the flows on {server.Definition.Host}; see tools/lab fabric flows --host {server.Definition.Host}",
            async () =>
            {
                var flows = await datapath.FlowsAsync();
                var forward = flows.Any(flow =>
                    Matches(flow, client, server) && flow.DestinationPort == Allowed && flow.DropReason.Length == 0
                );
                var reverse = flows.Any(flow => Matches(flow, server, client) && flow.SourcePort == Allowed && flow.DropReason.Length == 0);
                var dropped = flows.FirstOrDefault(flow =>
                    Matches(flow, client, server) && flow.DestinationPort == Denied && flow.DropReason.Length > 0
                );
                reason = dropped is null ? "" : $"{dropped.DropReason} by {dropped.Rule}";
                return forward && reverse && dropped?.Rule == rule;
            }
        );
        return $"both flows of the connection shown, the other: {reason}";
    }

    private static bool Matches(ShownFlow flow, VirtualMachine from, VirtualMachine to) =>
        flow.Protocol == 6 && flow.Source == from.Definition.Address.ToString() && flow.Destination == to.Definition.Address.ToString();
}
