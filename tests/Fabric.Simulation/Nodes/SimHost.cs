using System.Net;
using Fabric.Agent.Core;
using Fabric.Agent.Core.Ports;
using Fabric.Agent.Node;
using Fabric.Agent.Streaming;
using Fabric.Datapath;
using Fabric.Datapath.Host.Node;
using Fabric.Primitives;
using Fabric.Simulation.Kernel;
using Fabric.Simulation.Packets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fabric.Simulation.Nodes;

/// <summary>A compute host: agent and data plane, which live and die apart, and the VMs' devices, which outlive both.</summary>
internal sealed class SimHost(
    int number,
    SimScheduler scheduler,
    SimNetwork network,
    SimUnderlay underlay,
    TimeProvider time,
    bool reportsSessions,
    int workers
)
{
    private const int DatapathPort = 7000;

    private readonly Dictionary<string, SimVm> _vms = [];
    private readonly Dictionary<string, Port> _wantedPorts = [];
    private SimLoop? _agentLoop;
    private SimLoop[] _datapathLoops = [];

    public string Name { get; } = $"host{number}";

    public string DatapathName { get; } = $"datapath{number}";

    public IPAddress Address { get; } = new([10, 254, 0, (byte)number]);

    public MemoryAgentState State { get; } = new();

    public AgentNode? Agent { get; private set; }

    public DatapathNode? Datapath { get; private set; }

    /// <summary>What its agents published of sessions.</summary>
    public SessionLedger Sessions { get; } = new($"host{number}");

    /// <summary>Since when, at least, no report of a session was lost with an agent or a data plane; null: sessions are not reported, or there was no rest since.</summary>
    public TimeSpan? UndisturbedSince { get; private set; }

    private SimPacketIo? Packets { get; set; }

    public void StartAgent(IReadOnlyList<EndPoint> controllers)
    {
        _agentLoop = new SimLoop(scheduler, time);
        var stream = reportsSessions ? StreamOf(_agentLoop) : null;
        Agent = new AgentNode(
            new AgentNodeOptions
            {
                Name = Name,
                Address = IpAddress.From(Address),
                Controllers = controllers,
                DataPlane = new IPEndPoint(Address, DatapathPort),
                Flows = reportsSessions ? new FlowReporting(UpdateSeconds: 30, Sampling: 1, Starts: true) : null,
                Seed = scheduler.Random.Next(),
            },
            _agentLoop,
            network.TransportOf(Name, Address),
            State,
            NullLogger<AgentNode>.Instance,
            stream
        );
        _agentLoop.Post(static stream => stream?.Start(), stream);
        _agentLoop.Post(static agent => agent.Start(), Agent);
        foreach (var port in State.Load().Ports.Where(port => !_wantedPorts.ContainsKey(port.Id)))
        {
            _agentLoop.Post(static work => work.Agent.Unplug(work.Id), (Agent, port.Id));
        }

        foreach (var port in _wantedPorts.Values)
        {
            _agentLoop.Post(static work => work.Agent.Plug(work.Port), (Agent, Port: port));
        }
    }

    public void CrashAgent()
    {
        _agentLoop!.Crash();
        network.Crash(Name);
        Agent = null;
        UndisturbedSince = null;
    }

    public void StartDatapath()
    {
        _datapathLoops = [.. Enumerable.Range(0, workers).Select(_ => new SimLoop(scheduler, time))];
        Packets = new SimPacketIo(scheduler, underlay, _datapathLoops, device => _vms.GetValueOrDefault(device));
        Datapath = new DatapathNode(
            _datapathLoops,
            network.TransportOf(DatapathName, Address),
            new IPEndPoint(Address, DatapathPort),
            Packets,
            new DatapathNodeOptions(FlowTableSize: 2048, new PipelineOptions(), AgeInterval: TimeSpan.FromSeconds(10)),
            NullLogger.Instance
        );
        _datapathLoops[0].Post(static datapath => datapath.Start(), Datapath);
    }

    public void CrashDatapath()
    {
        foreach (var loop in _datapathLoops)
        {
            loop.Crash();
        }

        Packets!.Dispose();
        network.Crash(DatapathName);
        Datapath = null;
        UndisturbedSince = null;
    }

    /// <summary>Agent and data plane are up, and agree.</summary>
    public void Rest(TimeSpan now)
    {
        UndisturbedSince ??= reportsSessions ? now : null;
        Sessions.Rest();
    }

    /// <summary>The VM's interface appears, and the orchestrator says so to the agent; to one that is down it says so when it is back.</summary>
    public void Plug(SimVm vm)
    {
        var id = vm.PortId.ToString("D");
        var port = new Port(id, vm.Device, null, null, null, vm.Name, null, null, Type: 0, RxVlanId: -1, TxVlanId: -1, Enabled: true);
        _vms[vm.Device] = vm;
        _wantedPorts[id] = port;
        vm.Transmit = frame => Packets?.FromVm(vm.Device, frame);
        if (Agent is not null)
        {
            _agentLoop!.Post(static work => work.Agent.Plug(work.Port), (Agent, Port: port));
        }
    }

    public void Unplug(SimVm vm)
    {
        var id = vm.PortId.ToString("D");
        _vms.Remove(vm.Device);
        _wantedPorts.Remove(id);
        vm.Transmit = null;
        if (Agent is not null)
        {
            _agentLoop!.Post(static work => work.Agent.Unplug(work.Id), (Agent, Id: id));
        }
    }

    private AgentStream StreamOf(SimLoop agentLoop) =>
        new(
            Name,
            agentLoop,
            new StreamOutlet(
                static _ => true,
                Sessions.Take,
                rows => throw new SimulationException($"{Name} lost {rows} reports of sessions.")
            )
        );
}
