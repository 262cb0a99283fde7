using System.Diagnostics;
using Fabric.Lab.Machine;

namespace Fabric.Lab.Checks;

/// <summary>Point 4: networks are apart until a connection imports each other's route target, and apart again without it.</summary>
internal sealed class IsolationPoint() : CheckPoint(4, "networks are apart, connected, and apart again")
{
    private const string Connection = "check";

    public override async Task<string> RunAsync(CheckContext context)
    {
        var near = context.First;
        var far = context.Foreign;
        var address = far.Definition.Address.ToString();
        Require(!await near.PingsAsync(address, wait: 0.5), $"{near.Definition.Name} reaches {address} of another network");

        var builder = new LabBuilder(context.Lab, context.Paths);
        TimeSpan passing;
        try
        {
            var watch = Stopwatch.StartNew();
            await builder.ApplyAsync([LabObjects.Connection(Connection, near.Definition.Network, far.Definition.Network)]);
            await Poll.UntilAsync(
                $"{near.Definition.Name} to reach {address}; see tools/lab fabric routes --vrf {near.Definition.Network}",
                TimeSpan.FromSeconds(5),
                () => near.PingsAsync(address, wait: 0.1)
            );
            passing = watch.Elapsed;
            Require(
                passing < TimeSpan.FromSeconds(1),
                $"it took {passing.TotalSeconds:0.00} s, more than a second, to connect the networks"
            );
        }
        finally
        {
            await builder.DeleteAsync(("network-connection", Connection));
        }

        var stopping = await Poll.UntilAsync(
            "the ping to stop",
            TimeSpan.FromSeconds(5),
            async () => !await near.PingsAsync(address, wait: 0.2)
        );
        await Poll.UntilAsync(
            "the routes of the other network to leave every VRF",
            TimeSpan.FromSeconds(5),
            () => NoStaleRouteAsync(context, near, far)
        );
        return $"passes after {passing.TotalMilliseconds:0} ms, stops after {stopping.TotalMilliseconds:0} ms, no route left";
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
