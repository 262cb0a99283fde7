using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Text;
using Fabric.Agent.Core;
using Fabric.Agent.Core.Allocation;
using Fabric.Agent.Core.Ports;
using Fabric.Agent.Node;
using Fabric.Agent.State;
using Fabric.Agent.Streaming;
using Fabric.Analytics;
using Fabric.Model.AgentView;
using Fabric.Model.Datapath;
using Fabric.Primitives;
using Fabric.Testing;
using Google.Protobuf;
using DatapathEnvelope = Fabric.Model.Datapath.Envelope;

namespace Fabric.Agent.Tests;

/// <summary>An agent node whose controllers, data plane and disk are the test's.</summary>
internal sealed class Fixture : IDisposable
{
    public const string First = "192.0.2.1:5269";
    public const string Second = "192.0.2.2:5269";
    public const string Third = "192.0.2.3:5269";
    public const string DataPlane = "192.0.2.11:1";
    public const string PortId = "00000000-0000-4000-8000-00000000000a";
    public const string Red = "default-domain:acme:red:red";

    private const string OpenReply =
        "<?xml version='1.0'?><stream:stream from=\"network-control@contrailsystems.com\" to=\"host1\" id=\"++123\" version=\"1.0\" xml:lang=\"en\" "
        + "xmlns=\"\" xmlns:stream=\"http://etherx.jabber.org/streams\">";

    public ListLogger<AgentNode> Log { get; } = new();

    public Fixture(params string[] controllers)
        : this(new MemoryState(), controllers) { }

    public Fixture(MemoryState state, params string[] controllers)
    {
        State = state;
        Stream = new AgentStream("host1", Loop, new StreamOutlet(Take, rows => Rows.AddRange(rows), rows => LostRows += rows));
        Node = new AgentNode(
            new AgentNodeOptions
            {
                Name = "host1",
                Address = IpAddress.Parse("192.0.2.11"),
                Controllers = controllers.Select(IPEndPoint.Parse).ToList(),
                DataPlane = IPEndPoint.Parse(DataPlane),
                Flows = new FlowReporting(UpdateSeconds: 30, Sampling: 1, Starts: true),
            },
            Loop,
            Transport,
            state,
            Log,
            Stream
        );
    }

    public ManualLoop Loop { get; } = new();

    public MemoryTransport Transport { get; } = new();

    public MemoryState State { get; }

    public AgentNode Node { get; }

    public AgentStream Stream { get; }

    /// <summary>Rows of fabric.flows.</summary>
    public List<FlowRow> Rows { get; } = [];

    /// <summary>Rows of fabric.flows that were lost on their way here.</summary>
    public int LostRows { get; private set; }

    /// <summary>Rows of the other topics.</summary>
    public List<IStreamEvent> Events { get; } = [];

    public static Port Port(string id = PortId) =>
        new(id, "tap-a", null, null, null, null, null, null, Type: 0, RxVlanId: -1, TxVlanId: -1, Enabled: true);

    /// <summary>An agent with one controller whose port is active, and whose data plane has its tables.</summary>
    public static Fixture WithActivePort(Port port)
    {
        var fixture = new Fixture(First);
        fixture.Start(First, DataPlane);
        fixture.Open(First);
        fixture.Plug(port);
        fixture.Configure(First);
        fixture.EndOfRib(First);
        fixture.TakeBatches();
        return fixture;
    }

    public void Start(params string[] served)
    {
        Transport.Served.UnionWith(served);
        Loop.Run(Stream.Start);
        Loop.Run(Node.Start);
    }

    public void Plug(Port port) => Loop.Run(() => Node.Plug(port));

    /// <summary>The controller answers the opening of the stream: the session is established.</summary>
    public void Open(string controller) => Say(controller, OpenReply);

    public void Say(string controller, string xml)
    {
        Transport.Last(controller).Receive(Encoding.UTF8.GetBytes(xml));
        Loop.RunPosted();
    }

    public void Configure(string controller)
    {
        var output = new ArrayBufferWriter<byte>();
        AgentViewXml.Encode(Network, output);
        AgentViewXml.Encode(Vm, output);
        var nodes = Encoding.UTF8.GetString(output.WrittenSpan);
        const string To = "default-global-system-config:host1/config";
        Say(
            controller,
            $"<iq type=\"set\" from=\"network-control@contrailsystems.com\" to=\"{To}\"><config generation=\"1\"><update>{nodes}</update><end-of-config/></config></iq>"
        );
    }

    public void EndOfRib(string controller) => Notify(controller, "0/0/EndOfRib", "");

    public void Notify(string controller, string table, string items) =>
        Say(
            controller,
            "<message from=\"network-control@contrailsystems.com\" to=\"host1/bgp-peer\"><event xmlns=\"http://jabber.org/protocol/pubsub\">"
                + $"<items node=\"{table}\">{items}</items></event></message>"
        );

    public string SentTo(string controller) => Encoding.UTF8.GetString(Transport.Last(controller).TakeSent());

    public void Beat() => FromDataPlane(new DatapathEnvelope { Heartbeat = new Heartbeat { Nanoseconds = 1 } });

    public void Report(Records records) => FromDataPlane(new DatapathEnvelope { Records = records });

    public void LoseDataPlane()
    {
        Transport.Last(DataPlane).End("Connection reset by peer");
        Loop.RunPosted();
    }

    /// <summary>The batches sent since the last call, each answered as applied.</summary>
    public List<Batch> TakeBatches()
    {
        List<Batch> batches = [];
        var connection = Transport.Last(DataPlane);
        for (var sent = connection.TakeSent(); sent.Length > 0; sent = connection.TakeSent())
        {
            ReadOnlySpan<byte> left = sent;
            while (!left.IsEmpty)
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(left);
                var batch = DatapathEnvelope.Parser.ParseFrom(left.Slice(4, length)).Batch;
                batches.Add(batch);
                connection.Receive(Frame(new DatapathEnvelope { Applied = new Applied { Generation = batch.Generation } }));
                left = left[(4 + length)..];
            }

            Loop.RunPosted();
        }

        return batches;
    }

    public void Dispose()
    {
        Node.Dispose();
        Stream.Dispose();
    }

    private void FromDataPlane(DatapathEnvelope envelope)
    {
        Transport.Last(DataPlane).Receive(Frame(envelope));
        Loop.RunPosted();
    }

    private bool Take(IStreamEvent row)
    {
        Events.Add(row);
        return true;
    }

    private static AgentVirtualNetwork Network { get; } =
        new(
            "default-domain:acme:red",
            5,
            Red,
            [new AgentSubnet(IpPrefix.Parse("10.1.0.0/24"), IpAddress.Parse("10.1.0.1"), IpAddress.Parse("10.1.0.2"), true, [], null, [])],
            null
        );

    private static AgentPort Vm { get; } =
        new(PortId, "vm-a", "default-domain:acme:red", MacAddress.Parse("02:00:00:00:00:0a"), [IpAddress.Parse("10.1.0.5")], []);

    private static byte[] Frame(DatapathEnvelope envelope)
    {
        var frame = new byte[4 + envelope.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        envelope.WriteTo(frame.AsSpan(4));
        return frame;
    }
}

/// <summary>A disk that a test can look at, and hand to the next agent.</summary>
internal sealed class MemoryState : IAgentState
{
    public Dictionary<string, Port> Ports { get; } = [];

    public Allocations Allocations { get; private set; } = Allocations.None;

    public bool IsFull { get; set; }

    public AgentSavedState Load() => new([.. Ports.Values], Allocations);

    public void SavePort(Port port)
    {
        ThrowIfFull();
        Ports[port.Id] = port;
    }

    public void RemovePort(string id)
    {
        ThrowIfFull();
        Ports.Remove(id);
    }

    public void SaveAllocations(Allocations allocations)
    {
        ThrowIfFull();
        Allocations = allocations;
    }

    private void ThrowIfFull()
    {
        if (IsFull)
        {
            throw new IOException("No space left on device");
        }
    }
}
