using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Intent.Tests;

/// <summary>Whatever the way, the same configuration gives the same intent. Sequences are random and delete what is referred to.</summary>
[TestFixture]
public sealed class IncrementalTests
{
    private const int Steps = 60;

    private static readonly string[] Names = ["a", "b", "c"];

    [Test]
    public void Incremental_equals_from_scratch_at_every_step([Range(1, 150)] int seed)
    {
        var random = new Random(seed);
        var graph = new IntentGraph();
        var outputs = new Outputs();
        var objects = new SortedDictionary<ConfigKey, ConfigObject>();
        for (var step = 0; step < Steps; step++)
        {
            var changes = Enumerable.Range(0, random.Next(1, 5)).Select(_ => RandomChange(random)).ToList();
            Store(objects, changes);
            outputs.Take(graph.Apply(new ConfigDelta(step, [.. changes])));

            var expected = FromScratch(objects.Values.OrderBy(_ => random.Next()));
            Assert.That(outputs.Describe(), Is.EqualTo(expected), $"seed {seed}, step {step}");
        }
    }

    [Test]
    public void Deltas_squashed_into_one_or_applied_alone_end_in_the_same_state([Range(1, 50)] int seed)
    {
        var random = new Random(seed);
        var changes = Enumerable.Range(0, Steps).Select(_ => RandomChange(random)).ToList();
        var alone = new Outputs();
        var squashed = new Outputs();
        var graph = new IntentGraph();

        changes.ForEach(change => alone.Take(graph.Apply(new ConfigDelta(1, [change]))));
        squashed.Take(new IntentGraph().Apply(new ConfigDelta(1, [.. changes])));

        Assert.That(squashed.Describe(), Is.EqualTo(alone.Describe()), $"seed {seed}");
    }

    [Test]
    public void Deleting_everything_in_any_order_leaves_nothing([Range(1, 50)] int seed)
    {
        var random = new Random(seed);
        var graph = new IntentGraph();
        var outputs = new Outputs();
        var objects = new SortedDictionary<ConfigKey, ConfigObject>();
        var changes = Enumerable.Range(0, Steps).Select(_ => RandomChange(random)).ToList();
        Store(objects, changes);
        outputs.Take(graph.Apply(new ConfigDelta(1, [.. changes])));

        foreach (var key in objects.Keys.OrderBy(_ => random.Next()))
        {
            outputs.Take(graph.Apply(new ConfigDelta(2, [ConfigChange.Delete(key)])));
        }

        Assert.That(outputs.Describe(), Is.EqualTo(new Outputs().Describe()), $"seed {seed}");
    }

    private static List<string> FromScratch(IEnumerable<ConfigObject> objects)
    {
        var outputs = new Outputs();
        outputs.Take(new IntentGraph().Apply(new ConfigDelta(1, [.. objects.Select(ConfigChange.Put)])));
        return outputs.Describe();
    }

    private static void Store(SortedDictionary<ConfigKey, ConfigObject> objects, List<ConfigChange> changes)
    {
        foreach (var change in changes)
        {
            objects.Remove(change.Key);
            if (change.Value is { } value)
            {
                objects[change.Key] = value;
            }
        }
    }

    private static ConfigChange RandomChange(Random random)
    {
        var value = RandomObject(random);
        return random.Next(3) == 0 ? ConfigChange.Delete(value.Key) : ConfigChange.Put(value);
    }

    private static ConfigObject RandomObject(Random random)
    {
        var name = Pick(random);
        var number = (uint)(name[0] - 'a' + 1);
        return random.Next(8) switch
        {
            0 => new VirtualNetwork(
                name,
                Mtu: random.Next(2) == 0 ? null : 1400,
                Id: number,
                RouteTarget: RouteTarget.FromAs(new AsNumber(64512), number)
            ),
            1 => new Subnet(
                name,
                Pick(random),
                IpPrefix.Parse($"10.{number}.0.0/24"),
                Gateway: IpAddress.Parse($"10.{number}.0.{random.Next(1, 3)}")
            ),
            2 => new SecurityGroup(name, Rules: [new SecurityGroupRule("egress", "r", RemoteGroup: Pick(random))], Id: 8000000 + number),
            3 => new NetworkConnection(name, [Pick(random), Pick(random)]),
            4 => new BgpRouter(name, IpAddress.Parse($"192.0.2.{number}"), HoldTime: (ushort)random.Next(3, 6)),
            5 => new GlobalConfig(As: (uint)random.Next(64512, 64514), EncapsulationPriority: ["gre"]),
            _ => new Port(
                name,
                Pick(random),
                Id: new Guid((int)number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                Host: random.Next(4) == 0 ? null : $"host-{Pick(random)}",
                Addresses: [IpAddress.Parse($"10.{number}.0.9")],
                MacAddress: new MacAddress(number),
                SecurityGroups: random.Next(2) == 0 ? [] : [Pick(random)]
            ),
        };
    }

    private static string Pick(Random random) => Names[random.Next(Names.Length)];

    /// <summary>What a consumer of deltas holds.</summary>
    private sealed class Outputs
    {
        private readonly SortedDictionary<string, string> _held = [];

        public void Take(IntentDelta delta)
        {
            foreach (var vrf in delta.Vrfs)
            {
                _held[$"vrf {vrf.Name}"] = vrf.ToString();
            }

            foreach (var neighbor in delta.Neighbors)
            {
                _held[$"neighbor {neighbor.Name}"] = neighbor.ToString();
            }

            foreach (var host in delta.Hosts)
            {
                Remove(host.Removed, key => $"host {host.Host} {key}");
                foreach (var value in host.Changed)
                {
                    _held[$"host {host.Host} {value.Key}"] = value.ToString();
                }
            }

            Remove(delta.RemovedVrfs, name => $"vrf {name}");
            Remove(delta.RemovedNeighbors, name => $"neighbor {name}");
        }

        public List<string> Describe() => [.. _held.Select(item => $"{item.Key} = {item.Value}")];

        private void Remove<T>(EquatableArray<T> keys, Func<T, string> name)
        {
            foreach (var key in keys)
            {
                Assert.That(_held.Remove(name(key)), Is.True, $"{name(key)} was removed but not held");
            }
        }
    }
}
