using Fabric.Primitives;
using Fabric.Simulation.Nodes;
using Fabric.Simulation.Packets;

namespace Fabric.Simulation;

/// <summary>Real packets between endpoints, through the data planes.</summary>
public sealed partial class FabricSim
{
    private const int Attempts = 8;
    private static readonly TimeSpan s_answerTime = TimeSpan.FromMilliseconds(100);

    private ushort _lastIdentifier = 1024;

    /// <summary>ARP for the next hop, an echo, and its reply: a flow that the data planes have not seen before.</summary>
    public ProbeResult Ping(string from, string to) => Run(ProbeKind.Ping, from, to, port: 0);

    /// <summary>A TCP connection's SYN and its SYN-ACK.</summary>
    public ProbeResult Connect(string from, string to, ushort port) => Run(ProbeKind.Connect, from, to, port);

    internal SimulationException Failure(string what) =>
        new(
            $"{what}\nReplay with FABRIC_SIM_SEED={_seed}. At {Now}, after {Steps} steps. What was done:\n  {string.Join("\n  ", _history)}\n"
                + StatusTable.Of(this),
            isComplete: true
        );

    private ProbeResult Run(ProbeKind kind, string from, string to, ushort port)
    {
        // Where packets may be lost, an answer to one of a few is enough.
        var probe = Attempt(kind, from, to, port);
        for (var attempt = 1; attempt < (Underlay.Loss > 0 ? Attempts : 1) && !probe.IsAnswered; attempt++)
        {
            probe = Attempt(kind, from, to, port);
        }

        return new ProbeResult(this, $"{kind} from {from} to {to}{(port == 0 ? "" : $":{port}")}", probe);
    }

    private Probe Attempt(ProbeKind kind, string from, string to, ushort port)
    {
        var probe = new Probe(kind, AddressOf(to).Ipv4, NextIdentifier(), port) { StartedAt = Now };
        Guarded(() =>
        {
            Start(from, probe);
            _scheduler.Advance(s_answerTime);
        });
        if (probe.IsAnswered && _vms.TryGetValue(from, out var sender) && _vms.TryGetValue(to, out var receiver))
        {
            Probed.Delivered(probe, sender, receiver, HostOf(sender), HostOf(receiver));
        }

        return probe;
    }

    private void Start(string from, Probe probe)
    {
        if (_vms.TryGetValue(from, out var vm))
        {
            vm.Start(probe);
        }
        else
        {
            _gateways[0].Start(EndpointNamed(from), probe);
        }
    }

    private IpAddress AddressOf(string name) => _vms.TryGetValue(name, out var vm) ? vm.Address : EndpointNamed(name).Address;

    private GatewayEndpoint EndpointNamed(string name) => _gateways[0].Endpoints.First(endpoint => endpoint.Name == name);

    private ushort NextIdentifier() => ++_lastIdentifier;

    private void Note(string what) => _history.Add($"{Now:c} {what}");

    /// <summary>Whatever fails is told with the seed and the way that led to it.</summary>
    private void Guarded(Action work)
    {
        try
        {
            work();
        }
        catch (Exception exception) when (exception is not SimulationException { IsComplete: true })
        {
            throw Failure(exception is SimulationException or TimeoutException ? exception.Message : exception.ToString());
        }
    }
}
