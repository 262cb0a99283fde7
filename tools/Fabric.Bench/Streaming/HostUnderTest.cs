using System.Net.Http.Json;
using Fabric.Bench.Candidates;

namespace Fabric.Bench.Streaming;

/// <summary>
/// A host whose agent is measured: fabric-agent with one machine plugged, a fabric-control that gives it that machine's network and names, a data plane
/// that is ours, and a fabric-broker if rows are to go to Kafka. Everything is new, and goes with it.
/// </summary>
internal sealed class HostUnderTest : IDisposable
{
    private const string Host = "bench-host";
    private const string Network = "bench";
    private const string Machine = "vm1";
    private const string Device = "tap-vm1";
    private const string Address = "10.77.0.10";

    // The agent connects from it, so it is one of this machine.
    private const string AgentAddress = "127.77.0.2";
    private const string Mac = "02:00:00:00:00:0a";
    private const string PortId = "6f1c1e0a-8a4b-8f53-9c57-0d1c5b7f2a10";
    private const string MachineId = "6f1c1e0a-8a4b-8f53-9c57-0d1c5b7f2a11";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly CandidateSetup _setup = CandidateSetup.Create([]);
    private readonly DaemonProcess _control;
    private readonly HttpClient _agentApi;
    private readonly DataPlaneStub _dataPlane;

    /// <param name="programs">What to start.</param>
    /// <param name="usesKafka">Rows go to a mock cluster, of one partition a topic.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public HostUnderTest(StreamPrograms programs, bool usesKafka, CancellationToken cancellation)
    {
        Directory.CreateDirectory(_setup.PathOf("agent"));
        _dataPlane = new DataPlaneStub(_setup.PathOf("agent/dp.sock"));
        _agentApi = UnixHttp.Client(_setup.PathOf("agent/port.sock"));
        try
        {
            _control = Start("control", programs.Control, "--config", _setup.Write("control.yaml", ControlOptions()));
            Broker = usesKafka ? StartBroker(programs.Broker, cancellation) : null;
            Agent = Start("agent", programs.Agent, "--config", _setup.Write("agent.yaml", AgentOptions()));
            Frames = new ReportFrames(Configure(cancellation));
            _dataPlane.Introduce(Frames);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public DaemonProcess Agent { get; }

    public DaemonProcess? Broker { get; }

    public ReportFrames Frames { get; }

    public ReportedHost Reported { get; private set; } = new(0, 0, "", "", "");

    /// <summary>HOST:PORT of the mock cluster.</summary>
    public string Servers => File.ReadAllText(_setup.PathOf("servers")).Trim();

    /// <summary>Reports sessions until told to stop.</summary>
    public Task<OfferedLoad> OfferAsync(double rate, CancellationToken stop) => _dataPlane.OfferAsync(Frames, rate, stop);

    /// <exception cref="BenchException">The agent does not tell.</exception>
    public StreamFigures Figures()
    {
        try
        {
            return StreamFigures.Of(_agentApi.GetStringAsync("/metrics").GetAwaiter().GetResult());
        }
        catch (HttpRequestException exception)
        {
            throw new BenchException(Agent.Explain($"fabric-agent does not tell its metrics: {exception.Message}"), exception);
        }
    }

    /// <summary>So many rows of the journal, from a sequence on.</summary>
    public IEnumerable<string> Rows(long from, int most)
    {
        using var response = _agentApi
            .GetAsync($"/stream/flows?from={from}&follow=false", HttpCompletionOption.ResponseHeadersRead)
            .GetAwaiter()
            .GetResult();
        response.EnsureSuccessStatusCode();
        using var lines = new StreamReader(response.Content.ReadAsStream());
        for (var count = 0; count < most && lines.ReadLine() is { } line; count++)
        {
            yield return line;
        }
    }

    public void Dispose()
    {
        Agent?.Dispose();
        Broker?.Dispose();
        _control?.Dispose();
        _agentApi.Dispose();
        _dataPlane.Dispose();
        Directory.Delete(_setup.Directory, recursive: true);
    }

    private DaemonProcess Start(string name, params string[] command) => DaemonProcess.Start(_setup.PathOf($"{name}.log"), command);

    private DaemonProcess StartBroker(string program, CancellationToken cancellation)
    {
        var topics = _setup.Write("topics.json", """{"topics": [{"name": "fabric.flows", "partitions": 1}]}""");
        var broker = Start("broker", program, "--port-file", _setup.PathOf("servers"), "--topics", topics);
        Await("fabric-broker", broker, () => File.Exists(_setup.PathOf("servers")), cancellation);
        return broker;
    }

    private ReportedHost Configure(CancellationToken cancellation)
    {
        Await("fabric-control", _control, TryApply, cancellation);
        Await("fabric-agent", Agent, TryPlug, cancellation);
        Await("the machine's interface", Agent, () => _dataPlane.Find(Device) is not null, cancellation);
        var (vif, vrf) = _dataPlane.Find(Device)!.Value;
        return Reported = new ReportedHost(vif.Id, vif.Vrf, vrf, vif.Network, Machine);
    }

    private bool TryApply()
    {
        using var api = new FabricApi(_setup.PathOf("control/api.sock"));
        api.Apply([
            new(StringComparer.Ordinal) { ["kind"] = "virtual-network", ["name"] = Network },
            new(StringComparer.Ordinal)
            {
                ["kind"] = "subnet",
                ["name"] = "bench-subnet",
                ["network"] = Network,
                ["prefix"] = "10.77.0.0/24",
            },
            new(StringComparer.Ordinal)
            {
                ["kind"] = "port",
                ["name"] = Machine,
                ["id"] = PortId,
                ["network"] = Network,
                ["host"] = Host,
                ["addresses"] = new[] { Address },
                ["mac-address"] = Mac,
            },
        ]);
        return true;
    }

    private bool TryPlug()
    {
        using var response = _agentApi
            .PostAsJsonAsync(
                "/port",
                new Dictionary<string, object>(StringComparer.Ordinal)
                {
                    ["id"] = PortId,
                    ["instance-id"] = MachineId,
                    ["display-name"] = Machine,
                    ["ip-address"] = Address,
                    ["mac-address"] = Mac,
                    ["system-name"] = Device,
                    ["type"] = 0,
                    ["rx-vlan-id"] = -1,
                    ["tx-vlan-id"] = -1,
                }
            )
            .GetAwaiter()
            .GetResult();
        return response.IsSuccessStatusCode
            ? true
            : throw new BenchException($"fabric-agent refuses the port: {response.Content.ReadAsStringAsync().GetAwaiter().GetResult()}");
    }

    private static void Await(string what, DaemonProcess daemon, Func<bool> condition, CancellationToken cancellation)
    {
        var deadline = DateTime.UtcNow + s_patience;
        while (!Holds(condition))
        {
            cancellation.ThrowIfCancellationRequested();
            if (daemon.HasExited || DateTime.UtcNow > deadline)
            {
                throw new BenchException(daemon.Explain($"waited in vain for {what}"));
            }

            cancellation.WaitHandle.WaitOne(20);
        }
    }

    // Its socket is not there at first.
    private static bool Holds(Func<bool> condition)
    {
        try
        {
            return condition();
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private string ControlOptions() =>
        $"""
            node: bench-control
            router-id: {CandidateSetup.Identifier}
            as: 64512
            listen: {_setup.Listen.Address}
            bgp-port: {_setup.Listen.Port}
            xmpp-port: {FabricControl.AgentsOf(_setup).Port}
            api: null
            run-dir: {_setup.PathOf("control")}
            state-dir: {_setup.PathOf("control-state")}

            """;

    private string AgentOptions() =>
        $"""
            node: {Host}
            address: {AgentAddress}
            controllers: [{FabricControl.AgentsOf(_setup)}]
            port-api: null
            metrics: null
            run-dir: {_setup.PathOf("agent")}
            state-dir: {_setup.PathOf("agent-state")}
            {(Broker is null ? "" : $"stream: {{kafka: {{servers: [\"{Servers}\"]}}}}")}

            """;
}
