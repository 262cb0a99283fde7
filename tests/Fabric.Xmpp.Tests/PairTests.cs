using System.Runtime.InteropServices;
using System.Text;
using Fabric.Agent.Core.Xmpp;
using Fabric.Primitives;
using Fabric.Wire.Xmpp;

namespace Fabric.Xmpp.Tests;

/// <summary>The agent's session against the control node's, over pipes that cut bytes anywhere.</summary>
public sealed class PairTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(5)]
    public void Both_ends_understand_each_other_however_the_bytes_are_cut(int seed)
    {
        var recorder = new Recorder();
        var pair = new Pair(seed, recorder, useTls: seed % 2 == 1);
        var items = Enumerable.Range(1, 70).Select(i => Item($"10.1.0.{i}/32")).ToArray();

        pair.Agent.Start();
        pair.Agent.Connected();
        pair.Run();
        pair.Agent.SubscribeConfig();
        pair.Agent.SubscribeVrf("red", 5);
        foreach (var item in items)
        {
            pair.Agent.PublishRoute("red", item);
        }

        pair.Agent.WithdrawRoute("red", items[0]);
        pair.Agent.SendEndOfRib();
        var peer = pair.Registry.Find("host7")!;
        pair.SendRoutes(peer, items);
        peer.SendConfig(3, [.. Enumerable.Repeat<ReadOnlyMemory<byte>>("<node type=\"port\"><name>a</name></node>"u8.ToArray(), 17)], []);
        peer.SendEndOfConfig(3);
        peer.SendEndOfRib();
        pair.Run();

        Assert.That(
            recorder.Take(),
            Is.EqualTo(
                (string[])
                    [
                        "established host7",
                        "config default-global-system-config:host7",
                        "subscribed red 5",
                        .. items.Select(i => $"published red {i.Prefix}"),
                        "withdrawn red 10.1.0.1/32",
                        "end of rib",
                    ]
            )
        );
        Assert.That(pair.Learnt, Is.EqualTo(items));
        Assert.That(pair.Heard, Is.EqualTo(new[] { "established", "config 3: 16", "config 3: 1", "end of config 3", "end of rib" }));
    }

    /// <summary>A gateway's UPDATE of 4096 octets has room for as many communities, which all of its routes share.</summary>
    [Test]
    public void Routes_with_a_thousand_communities_do_not_end_the_sessions_of_those_who_are_told()
    {
        var pair = Established();
        EquatableArray<string> communities = [.. Enumerable.Range(1, 1000).Select(i => $"64512:{i}")];
        UnicastItem[] items = [.. Enumerable.Range(1, 70).Select(i => Item($"10.1.0.{i}/32") with { CommunityTags = communities })];

        pair.SendRoutes(pair.Registry.Find("host7")!, items);
        pair.Run(mostBytes: 1 << 16);

        Assert.That(pair.Heard, Is.EqualTo(new[] { "established" }));
        Assert.That(pair.Learnt, Is.EqualTo(items));
    }

    [TestCase(100_000)]
    [TestCase(2_000_000)]
    public void Objects_with_many_rules_do_not_end_the_session_that_configures_the_host(int bytes)
    {
        var pair = Established();
        var node = Encoding.UTF8.GetBytes($"<node type=\"security-group\"><name>{new string('a', bytes)}</name></node>");

        pair.Registry.Find("host7")!.SendConfig(3, [.. Enumerable.Repeat<ReadOnlyMemory<byte>>(node, 12)], []);
        pair.Run(mostBytes: 1 << 18);

        Assert.That(pair.Heard.Take(1), Is.EqualTo(new[] { "established" }));
        Assert.That(pair.Heard.Skip(1).Select(heard => heard.Split(": ")[0]), Is.All.EqualTo("config 3"));
        Assert.That(pair.Heard.Skip(1).Sum(heard => int.Parse(heard.Split(": ")[1])), Is.EqualTo(12));
    }

    private static Pair Established()
    {
        var pair = new Pair(seed: 1, new Recorder(), useTls: false);
        pair.Agent.Start();
        pair.Agent.Connected();
        pair.Run();
        return pair;
    }

    private static UnicastItem Item(string prefix) =>
        new()
        {
            Prefix = IpPrefix.Parse(prefix),
            NextHops =
            [
                new ItemNextHop
                {
                    Address = IpAddress.Parse("192.0.2.17"),
                    Label = 33,
                    Encapsulations = TunnelEncapsulations.MplsOverGre,
                    VirtualNetwork = "a<b&c",
                },
            ],
            SecurityGroups = [8000003],
            LocalPreference = 100,
        };

    private sealed class Pair : IAgentSessionEffects, IControllerSessionEffects
    {
        private readonly Random _random;
        private readonly List<byte> _toAgent = [];
        private readonly List<byte> _toController = [];
        private readonly AgentSession _controller;

        public Pair(int seed, Recorder recorder, bool useTls)
        {
            _random = new Random(seed);
            Registry = new AgentRegistry(new XmppOptions { RequireTls = useTls }, recorder);
            _controller = Registry.Accept(IpAddress.Parse("192.0.2.17"), this);
            Agent = new ControllerSession(
                new ControllerSessionOptions
                {
                    AgentName = "host7",
                    JitterSeed = seed,
                    UseTls = useTls,
                    ControllerNames = ["control1"],
                },
                this
            );
        }

        public AgentRegistry Registry { get; }

        public ControllerSession Agent { get; }

        public List<UnicastItem> Learnt { get; } = [];

        public List<string> Heard { get; } = [];

        public void SendRoutes(AgentPeer peer, UnicastItem[] items)
        {
            var encoder = new NotificationEncoder();
            encoder.Begin(AddressFamily.Ipv4Unicast, "red");
            Array.ForEach(items, encoder.Add);
            var output = new System.Buffers.ArrayBufferWriter<byte>();
            encoder.WriteFor(peer.Name, output);
            peer.Send(output.WrittenSpan);
        }

        /// <summary>Moves bytes until both pipes stand still. A receiver sees what it left before, and some more.</summary>
        public void Run(int mostBytes = 700)
        {
            int toAgent = 0,
                toController = 0;
            while (toAgent < _toAgent.Count || toController < _toController.Count)
            {
                Deliver(_toAgent, ref toAgent, Agent.Receive, mostBytes);
                Deliver(_toController, ref toController, _controller.Receive, mostBytes);
            }
        }

        private void Deliver(List<byte> pipe, ref int seen, Func<ReadOnlySpan<byte>, int> receive, int mostBytes)
        {
            if (seen < pipe.Count)
            {
                seen = Math.Min(pipe.Count, seen + _random.Next(1, mostBytes));
                var consumed = receive(CollectionsMarshal.AsSpan(pipe)[..seen]);
                pipe.RemoveRange(0, consumed);
                seen -= consumed;
            }
        }

        void IAgentSessionEffects.Send(ReadOnlySpan<byte> bytes) => _toAgent.AddRange(bytes);

        void IControllerSessionEffects.Send(ReadOnlySpan<byte> bytes) => _toController.AddRange(bytes);

        void IAgentSessionEffects.StartTls() => _controller.Secured(["host7"]);

        void IControllerSessionEffects.StartTls() => Agent.Secured(["control1"]);

        void IAgentSessionEffects.SetTimer(AgentSessionTimer timer, TimeSpan time) { }

        void IAgentSessionEffects.CancelTimer(AgentSessionTimer timer) { }

        void IAgentSessionEffects.Close(string reason) => Heard.Add($"control node closed: {reason}");

        void IControllerSessionEffects.Connect() { }

        void IControllerSessionEffects.SetTimer(ControllerSessionTimer timer, TimeSpan time) { }

        void IControllerSessionEffects.CancelTimer(ControllerSessionTimer timer) { }

        void IControllerSessionEffects.Close(string reason) => Heard.Add($"agent closed: {reason}");

        void IControllerSessionEffects.Established() => Heard.Add("established");

        void IControllerSessionEffects.Down(string reason) => Heard.Add($"down {reason}");

        void IControllerSessionEffects.RouteUpdated(string vrf, UnicastItem item) => Learnt.Add(item);

        void IControllerSessionEffects.RouteRetracted(string vrf, AddressFamily family, IpPrefix prefix) => Heard.Add($"retract {prefix}");

        void IControllerSessionEffects.EndOfRibReceived() => Heard.Add("end of rib");

        void IControllerSessionEffects.ConfigReceived(ConfigStanza config) =>
            Heard.Add($"config {config.Generation}: {config.Updates.Count}");

        void IControllerSessionEffects.EndOfConfigReceived(ulong generation) => Heard.Add($"end of config {generation}");

        void IControllerSessionEffects.InputSkipped(string reason) => Heard.Add($"skipped {reason}");
    }
}
