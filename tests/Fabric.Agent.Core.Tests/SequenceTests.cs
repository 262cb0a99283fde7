using Fabric.Agent.Core.Allocation;
using Fabric.Model.AgentView;

namespace Fabric.Agent.Core.Tests;

/// <summary>
/// Sequences of states of the world, walked in many ways: whatever the way, after each state the data plane holds what an agent
/// that only ever saw that state would give it, and so do the controllers.
/// </summary>
public sealed class SequenceTests
{
    private static readonly string[] Ports = [View.PortA, View.PortB, View.PortC];
    private static readonly string[] NextHops = ["192.0.2.11 16", "192.0.2.11 17", "192.0.2.12 33", "192.0.2.12 34", "192.0.2.13 35"];

    public enum Walk
    {
        Forward,
        Reversed,
        Duplicated,
        Squashed,
        WithEmptyStates,
    }

    /// <summary>What the orchestrator plugged, what the config says, and each controller's routes.</summary>
    private sealed record World(
        HashSet<string> Plugs,
        HashSet<AgentViewObject> Config,
        Dictionary<(string Controller, string Vrf, string Prefix), string[]> Routes
    )
    {
        public static World Empty { get; } = new([], [], []);
    }

    [Test]
    public void Incremental_tables_equal_those_from_scratch([Values] Walk walk, [Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        var states = Enumerable.Range(0, 8).Select(_ => Draw(random)).ToList();
        var lab = Lab.Started().Establish(Lab.Second).EndOfRib(Lab.Second);
        var last = World.Empty;

        foreach (var (state, flushes) in Expand(states, walk))
        {
            Move(lab, last, state, random, flushes);
            last = state;
            if (flushes)
            {
                Check(lab, state);
            }
        }

        lab.Flush();
        Check(lab, last);
    }

    private static IEnumerable<(World State, bool Flushes)> Expand(List<World> states, Walk walk) =>
        walk switch
        {
            Walk.Forward => states.Select(state => (state, true)),
            Walk.Reversed => states.AsEnumerable().Reverse().Select(state => (state, true)),
            Walk.Duplicated => states.SelectMany(state => new[] { (state, true), (state, true) }),
            Walk.Squashed => states.Select(state => (state, false)),
            _ => states.SelectMany(state => new[] { (state, true), (World.Empty, true) }),
        };

    private static void Check(Lab lab, World state)
    {
        var scratch = FromScratch(state, lab.Allocations);
        Assert.That(lab.DataPlane.Tables, Is.EqualTo(scratch.DataPlane.Tables));
        foreach (var controller in (string[])[Lab.First, Lab.Second])
        {
            Assert.That(lab.Controllers[controller].Subscriptions, Is.EquivalentTo(scratch.Controllers[controller].Subscriptions));
            Assert.That(lab.Controllers[controller].Routes, Is.EquivalentTo(scratch.Controllers[controller].Routes));
        }
    }

    private static Lab FromScratch(World state, Allocations allocations)
    {
        var lab = new Lab(allocations);
        lab.Queue(new DataPlaneConnected());
        lab.Queue(new ControllerEstablished(Lab.First));
        lab.Queue(new ControllerEstablished(Lab.Second));
        foreach (var id in state.Plugs)
        {
            lab.Queue(new PortPlugged(View.Plug(id, $"tap-{id[^1]}")));
        }

        lab.Configure(Lab.First, [.. state.Config]);
        foreach (var ((controller, vrf, prefix), hops) in state.Routes)
        {
            lab.Queue(new RouteUpdated(controller, View.Key(vrf, prefix), View.Route(hops)));
        }

        return lab.EndOfRib(Lab.First).EndOfRib(Lab.Second);
    }

    /// <summary>Says the difference between two states in an order drawn by lot; a controller speaks only of VRFs that are subscribed.</summary>
    private static void Move(Lab lab, World from, World to, Random random, bool flushes)
    {
        List<AgentEvent> events =
        [
            .. from.Plugs.Except(to.Plugs).Select(id => new PortUnplugged(id)),
            .. to.Plugs.Select(id => new PortPlugged(View.Plug(id, $"tap-{id[^1]}"))),
            .. from
                .Config.Select(item => item.Key)
                .Except(to.Config.Select(item => item.Key))
                .Select(key => new ConfigDeleted(Lab.First, key)),
            .. to.Config.Select(item => new ConfigUpdated(Lab.First, item)),
        ];
        var shuffled = events.ToArray();
        random.Shuffle(shuffled);
        foreach (var happened in shuffled)
        {
            lab.Queue(happened);
            if (flushes && random.Next(3) == 0)
            {
                lab.Flush();
            }
        }

        // A VRF that was left on the way was dropped with its routes; its controller sends them again with the subscription.
        lab.Flush();
        foreach (var (key, _) in from.Routes.Where(route => !to.Routes.ContainsKey(route.Key)))
        {
            lab.Queue(new RouteRetracted(key.Controller, View.Key(key.Vrf, key.Prefix)));
        }

        foreach (var ((controller, vrf, prefix), hops) in to.Routes)
        {
            lab.Queue(new RouteUpdated(controller, View.Key(vrf, prefix), View.Route(hops)));
        }

        if (flushes)
        {
            lab.Flush();
        }
    }

    private static World Draw(Random random)
    {
        HashSet<AgentViewObject> config = [];
        foreach (var (name, subnet) in new[] { ("red", "10.1.0.0/24"), ("blue", "10.2.0.0/24") })
        {
            if (random.Next(5) > 0)
            {
                config.Add(View.Network(name, subnet, random.Next(2) == 0 ? null : 1400));
            }
        }

        if (random.Next(2) == 0)
        {
            config.Add(View.Group("web", 77));
        }

        for (var i = 0; i < Ports.Length; i++)
        {
            if (random.Next(4) > 0)
            {
                var network = random.Next(2) == 0 ? "red" : "blue";
                var groups = random.Next(2) == 0 ? (string[])["web"] : [];
                config.Add(View.Port(Ports[i], network, $"10.{(network == "red" ? 1 : 2)}.0.{5 + i}", groups));
            }
        }

        var plugs = Ports.Where(_ => random.Next(4) > 0).ToHashSet();
        var active = config
            .OfType<AgentPort>()
            .Where(port => plugs.Contains(port.Name))
            .SelectMany(port => config.OfType<AgentVirtualNetwork>().Where(network => network.Name == port.Network))
            .Select(network => network.VrfName)
            .Distinct();
        Dictionary<(string, string, string), string[]> routes = [];
        foreach (var vrf in active)
        {
            foreach (var prefix in (string[])["10.1.0.5/32", "10.1.0.9/32", "10.2.0.6/32", "198.51.100.0/24"])
            {
                foreach (var controller in (string[])[Lab.First, Lab.Second])
                {
                    if (random.Next(2) == 0)
                    {
                        routes.Add((controller, vrf, prefix), random.GetItems(NextHops, random.Next(1, 4)));
                    }
                }
            }
        }

        return new World(plugs, config, routes);
    }
}
