using System.Diagnostics;
using System.Globalization;
using Fabric.Lab.Machine;
using Fabric.Lab.Nodes;

namespace Fabric.Lab.Checks;

/// <summary>Point 6: a gateway of another maker has a route for every machine, its own routes come and go with it, and packets pass both ways.</summary>
internal sealed class GatewayPoint() : CheckPoint(6, "FRR has the machines' routes, and an endpoint behind it answers")
{
    private const string Endpoint = "10.99.0.1";
    private const int Label = 100;

    public override async Task<string> RunAsync(CheckContext context)
    {
        foreach (var machine in context.Machines)
        {
            await CheckRouteAsync(context, machine);
        }

        try
        {
            await AnnounceAsync(context);
            await RouteIsAsync(context, present: true, Poll.Patience);
            var answered = await PingEndpointAsync(context);

            await context.Frr.ConfigureAsync(
                $"router bgp {context.Lab.AutonomousSystem}",
                "address-family ipv4 vpn",
                $"no {Announcement(context)}"
            );
            await RouteIsAsync(context, present: false, Poll.Patience);

            await AnnounceAsync(context);
            await RouteIsAsync(context, present: true, Poll.Patience);
            await context.Frr.Daemon.StopAsync("KILL");
            var kept = await RouteIsAsync(context, present: false, TimeSpan.FromSeconds(GatewayConfig.RestartTime + 10));
            Require(
                kept.TotalSeconds > GatewayConfig.RestartTime - 2,
                $"the routes of a crashed gateway were kept for {kept.TotalSeconds:0.0} s only"
            );
            return $"{context.Lab.Machines.Count} routes, {answered}, gone {kept.TotalSeconds:0.0} s after FRR's crash (its restart time is {GatewayConfig.RestartTime} s)";
        }
        finally
        {
            // A fresh start forgets what was announced here.
            await context.Frr.Daemon.StopAsync("KILL");
            await context.Frr.Daemon.StartAsync();
            await Poll.UntilAsync(
                "FRR to have the machines' routes again",
                async () => (await context.Frr.PathsAsync($"{context.First.Definition.Address}/32")).Count > 0
            );
        }
    }

    private static async Task CheckRouteAsync(CheckContext context, VirtualMachine machine)
    {
        var prefix = $"{machine.Definition.Address}/32";
        var nextHop = context.Lab.Hosts.Single(host => host.Name == machine.Definition.Host).Address.ToString();
        var target = await TargetAsync(context, machine.Definition.Network);
        FrrPath? path = null;
        await Poll.UntilAsync(
            $"{prefix} in FRR; see tools/lab fabric bgp summary",
            async () => (await context.Frr.PathsAsync(prefix)) is [var found, ..] && (path = found) is not null
        );
        Require(path!.NextHop == nextHop, $"the next hop of {prefix} is {path.NextHop}, not {nextHop}");
        Require(
            path.RouteDistinguisher.StartsWith($"{nextHop}:", StringComparison.Ordinal),
            $"the RD of {prefix} is {path.RouteDistinguisher}"
        );
        Require(path.Label >= 16, $"the label of {prefix} is {path.Label}");
        Require(
            path.ExtendedCommunities.Contains($"RT:{target}", StringComparison.Ordinal),
            $"{prefix} has no RT:{target}: {path.ExtendedCommunities}"
        );
        // RFC 9012 section 4.1: tunnel type 2 is GRE.
        Require(
            path.ExtendedCommunities.Contains("ET:2", StringComparison.Ordinal),
            $"{prefix} does not say GRE: {path.ExtendedCommunities}"
        );
    }

    private static string Announcement(CheckContext context) => $"network {Endpoint}/32 rd {context.Lab.AutonomousSystem}:99 label {Label}";

    private static async Task AnnounceAsync(CheckContext context)
    {
        var target = await TargetAsync(context, context.First.Definition.Network);
        await context.Frr.ConfigureAsync(
            "route-map check permit 10",
            $"set extcommunity rt {target}",
            "exit",
            $"router bgp {context.Lab.AutonomousSystem}",
            "address-family ipv4 vpn",
            $"{Announcement(context)} route-map check"
        );
    }

    /// <summary>Every host with a port in the network has the route, or none has.</summary>
    private static Task<TimeSpan> RouteIsAsync(CheckContext context, bool present, TimeSpan deadline)
    {
        var network = context.First.Definition.Network;
        var hosts = context
            .Lab.Machines.Where(machine => machine.Network == network)
            .Select(machine => machine.Host)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return Poll.UntilAsync(
            $"{Endpoint}/32 to be {(present ? "in" : "gone from")} {network} on {string.Join(" and ", hosts)}; see tools/lab fabric rt",
            deadline,
            async () =>
            {
                foreach (var host in hosts)
                {
                    using var datapath = new DatapathApi(host);
                    if ((await datapath.RoutesAsync(network)).Any(route => route.Prefix == $"{Endpoint}/32") != present)
                    {
                        return false;
                    }
                }

                return true;
            }
        );
    }

    private static async Task<string> PingEndpointAsync(CheckContext context)
    {
        var frr = context.Frr;
        using var endpoint = context
            .Paths.Namespace(frr.Gateway.Name)
            .Start(
                "/usr/bin/python3",
                Programs.Script("gateway-endpoint.py"),
                "--address",
                Endpoint,
                "--label",
                Label.ToString(CultureInfo.InvariantCulture),
                "--vty-socket",
                frr.VtyDirectory
            );
        try
        {
            await ReadyAsync(endpoint);
            await Task.WhenAll(
                new[] { context.First, context.Remote }.Select(async machine =>
                    Require(
                        await machine.PingsAsync(Endpoint, 3, wait: 2),
                        $"{machine.Definition.Name} gets no answer from {Endpoint} behind {frr.Gateway.Name}; see tools/lab fabric drops"
                    )
                )
            );
            return $"{Endpoint} behind it answered both hosts";
        }
        finally
        {
            endpoint.Kill();
        }
    }

    private static async Task ReadyAsync(Process endpoint)
    {
        if (await endpoint.StandardOutput.ReadLineAsync() != "ready")
        {
            throw new LabException($"gateway-endpoint.py: {await endpoint.StandardError.ReadToEndAsync()}");
        }
    }

    private static async Task<string> TargetAsync(CheckContext context, string network)
    {
        using var api = new ControlNodeApi(context.Lab.ControlNodes[0].Name);
        return await api.RouteTargetAsync(network);
    }
}
