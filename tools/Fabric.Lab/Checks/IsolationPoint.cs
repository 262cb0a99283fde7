using System.Diagnostics;
using Fabric.Lab.Machine;

namespace Fabric.Lab.Checks;

/// <summary>Point 4: networks are apart until a connection imports each other's route target, and apart again without it.</summary>
internal sealed class IsolationPoint() : CheckPoint(4, "networks are apart, connected, and apart again")
{
    private const string Connection = "check";

    // What is promised is the fabric's; the processor may be another's once or twice.
    private const int Tries = 3;
    private static readonly TimeSpan s_promised = TimeSpan.FromSeconds(1);

    public override async Task<string> RunAsync(CheckContext context)
    {
        var near = context.First;
        var far = context.Foreign;
        var address = far.Definition.Address.ToString();
        Require(!await near.PingsAsync(address, wait: 0.5), $"{near.Definition.Name} reaches {address} of another network");

        var (passing, stopping) = await ConnectAsync(context, near, far);
        for (var tries = 1; passing >= s_promised && tries < Tries; tries++)
        {
            (passing, stopping) = await ConnectAsync(context, near, far);
        }

        Require(passing < s_promised, $"it took {passing.TotalSeconds:0.00} s, more than a second, to connect the networks, {Tries} times");
        return $"passes after {passing.TotalMilliseconds:0} ms, stops after {stopping.TotalMilliseconds:0} ms, no route left";
    }

    /// <summary>Connects the networks until packets pass, and takes the connection away until none does and nothing is left of it; how long packets took for either.</summary>
    private static async Task<(TimeSpan Passing, TimeSpan Stopping)> ConnectAsync(
        CheckContext context,
        VirtualMachine near,
        VirtualMachine far
    )
    {
        var address = far.Definition.Address.ToString();
        var builder = new LabBuilder(context.Lab, context.Paths);
        TimeSpan passing;
        try
        {
            var watch = Stopwatch.StartNew();
            await builder.ApplyAsync([LabObjects.Connection(Connection, near.Definition.Network, far.Definition.Network)]);
            await Poll.UntilAsync(
                $"{near.Definition.Name} to reach {address}; see tools/lab fabric routes --vrf {near.Definition.Network}",
                () => near.PingsAsync(address, wait: 0.1)
            );
            passing = watch.Elapsed;
        }
        finally
        {
            await builder.DeleteAsync(("network-connection", Connection));
        }

        var stopping = await Poll.UntilAsync("the ping to stop", async () => !await near.PingsAsync(address, wait: 0.2));
        await Poll.UntilAsync("the routes of the other network to leave every VRF", () => NoStaleRouteAsync(context, near, far));
        return (passing, stopping);
    }

    private static async Task<bool> NoStaleRouteAsync(CheckContext context, VirtualMachine near, VirtualMachine far)
    {
        foreach (var (machine, other) in new[] { (near, far), (far, near) })
        {
            var prefix = $"{other.Definition.Address}/32";
            foreach (var node in context.Lab.ControlNodes)
            {
                using var api = new ControlNodeApi(node.Name);
                if ((await api.RoutesAsync(machine.Definition.Network)).Any(route => route.Prefix == prefix))
                {
                    return false;
                }
            }

            using var datapath = new DatapathApi(machine.Definition.Host);
            if ((await datapath.RoutesAsync(machine.Definition.Network)).Any(route => route.Prefix == prefix))
            {
                return false;
            }
        }

        return true;
    }
}
