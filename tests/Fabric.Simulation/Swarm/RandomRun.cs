using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Simulation.Swarm;

/// <summary>
/// A run in which the seed chooses what is configured, what happens to it and in which order. Rounds of two kinds take turns: in one
/// the operator works while things break, and at its end everything is mended and judged; in the other things break that must not
/// stop packets, so what was seen to work goes on working all along.
/// </summary>
public sealed class RandomRun
{
    private const int Hosts = 3;
    private const int Rounds = 2;
    private const int StepsOfRound = 8;

    /// <summary>Restart times are 120 s: a round of faults that packets must survive is shorter.</summary>
    private const double LongestPause = 6;

    private static readonly string[] s_networks = ["red", "blue", "green"];
    private static readonly string[] s_groups = ["web", "quiet", "friends"];

    private readonly FabricSim _fabric;
    private readonly List<string> _vms = [];

    private RandomRun(int seed) => _fabric = FabricSim.Create(seed);

    private Random Random => _fabric.Random;

    /// <summary>Runs a seed to its end.</summary>
    /// <exception cref="SimulationException">What must hold did not; the message has all that it takes to see it again.</exception>
    public static FabricSim Run(int seed)
    {
        var run = new RandomRun(seed);
        run.Build();
        run._fabric.Settle();
        for (var round = 0; round < Rounds; round++)
        {
            run.ChangeWhileThingsBreak();
            run._fabric.HealAll().Settle();
            run.BreakWhatPacketsSurvive();
            run._fabric.HealAll().Settle();
        }

        return run._fabric.TearDown();
    }

    private void Build()
    {
        _fabric.ControlNodes(2).Hosts(Hosts).Gateways(1);
        for (var i = 0; i < s_networks.Length; i++)
        {
            _fabric.Network(s_networks[i], $"10.{i + 1}.0.0/24");
        }

        _fabric.SecurityGroup("web", new SecurityGroupRule("ingress", Protocol: "tcp", Ports: "80"));
        _fabric.SecurityGroup("quiet", new SecurityGroupRule("egress", Protocol: "icmp"));
        _fabric.SecurityGroup("friends", new SecurityGroupRule("ingress", RemoteGroup: "friends"));
        var count = 3 + Random.Next(4);
        for (var i = 0; i < count; i++)
        {
            AddVm();
        }

        if (Random.Next(2) == 0)
        {
            _fabric.Endpoint("ext", Pick(s_networks), "172.16.0.1");
        }
    }

    private void ChangeWhileThingsBreak()
    {
        for (var step = 0; step < StepsOfRound; step++)
        {
            Pause();
            if (Random.Next(2) == 0)
            {
                Change();
            }
            else
            {
                Break(mayStopPackets: true);
            }
        }
    }

    private void BreakWhatPacketsSurvive()
    {
        var working = (
            from first in _vms
            from second in _vms
            where first != second && _fabric.Ping(first, second).Arrived
            select (first, second)
        ).ToList();
        for (var step = 0; step < StepsOfRound; step++)
        {
            Break(mayStopPackets: false);
            Pause();
            if (working.Count > 0)
            {
                var (first, second) = working[Random.Next(working.Count)];
                _fabric.Ping(first, second).ShouldArrive();
            }
        }
    }

    private void Pause() => _fabric.Advance(Random.Next(3) == 0 ? Random.NextDouble() * 0.02 : Random.NextDouble() * LongestPause);

    private void Change()
    {
        switch (Random.Next(9))
        {
            case 0:
                _fabric.Connect(s_networks[0], Pick(s_networks[1..]));
                break;
            case 1:
                _fabric.Disconnect(s_networks[0], Pick(s_networks[1..]));
                break;
            case 2:
                _fabric.Unplug(Pick(_vms));
                break;
            case 3:
                _fabric.Plug(Pick(_vms));
                break;
            case 4:
                _fabric.Migrate(Pick(_vms), AnyHost());
                break;
            case 5:
                _fabric.SetGroups(Pick(_vms), [.. s_groups.Where(_ => Random.Next(3) == 0)]);
                break;
            case 6:
                _fabric.SecurityGroup("web", new SecurityGroupRule("ingress", Protocol: "tcp", Ports: Pick(["80", "81", "80-81"])));
                break;
            case 7:
                var remote = Random.Next(2) == 0 ? IpPrefix.Parse("10.1.0.0/24") : IpPrefix.Parse("10.2.0.0/15");
                _fabric.SecurityGroup("quiet", new SecurityGroupRule("egress"), new SecurityGroupRule("ingress", RemotePrefix: remote));
                break;
            default:
                AddVm();
                break;
        }
    }

    private void Break(bool mayStopPackets)
    {
        switch (Random.Next(mayStopPackets ? 12 : 10))
        {
            case 0:
                _fabric.Cut(AnyAgent(), AnyControlNode());
                break;
            case 1:
                _fabric.Reset(AnyAgent(), AnyControlNode());
                break;
            case 2:
                _fabric.Reset("control1", Pick(["control2", "gateway1"]));
                break;
            case 3:
                _fabric.Cut("control1", Pick(["control2", "gateway1"]));
                break;
            case 4:
                _fabric.SlowReader(AnyAgent(), AnyControlNode());
                break;
            case 5:
                _fabric.SlowReader(AnyControlNode(), Pick([AnyAgent(), "gateway1"]));
                break;
            case 6:
                _fabric.CrashAgent(AnyHost());
                break;
            case 7:
                _fabric.CrashControl(1 + Random.Next(2));
                break;
            case 8:
                _fabric.RestartAgent(AnyHost()).RestartControl(1 + Random.Next(2));
                break;
            case 9:
                _fabric.HealAll();
                break;
            case 10:
                _fabric.CrashDatapath(AnyHost());
                break;
            default:
                _fabric.CrashGateway(1).Advance(Random.NextDouble() * LongestPause).RestartGateway(1);
                break;
        }
    }

    private void AddVm()
    {
        var name = $"vm{_vms.Count + 1}";
        _vms.Add(name);
        _fabric.Vm(name, AnyHost(), Pick(s_networks), [.. s_groups.Where(_ => Random.Next(6) == 0)]);
    }

    private int AnyHost() => 1 + Random.Next(Hosts);

    private string AnyAgent() => $"host{AnyHost()}";

    private string AnyControlNode() => $"control{1 + Random.Next(2)}";

    private T Pick<T>(IReadOnlyList<T> choices) => choices[Random.Next(choices.Count)];
}
